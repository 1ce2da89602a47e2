"""A Jupyter kernel, measured through jupyter_client as a program uses it: prints the milliseconds of each start, execution and restart."""
import sys
import time

from jupyter_client import KernelManager

CODE = "1 + 1"


def execute(client):
    """Sends code and waits for its value and its end, which the kernel tells apart."""
    began = time.perf_counter()
    client.execute(CODE)
    value = None
    while True:
        message = client.get_iopub_msg(timeout=60)
        if message["msg_type"] == "execute_result":
            value = message["content"]["data"]["text/plain"]
        elif message["msg_type"] == "status" and message["content"]["execution_state"] == "idle" and value is not None:
            break
    client.get_shell_msg(timeout=60)
    assert value == "2"
    return time.perf_counter() - began


def ready(client):
    client.start_channels()
    client.wait_for_ready(timeout=60)
    execute(client)


def main(rounds, executions):
    starts, restarts, executes = [], [], []
    for _ in range(rounds):
        manager = KernelManager(kernel_name="python3")
        began = time.perf_counter()
        manager.start_kernel()
        client = manager.client()
        ready(client)
        starts.append(time.perf_counter() - began)
        for _ in range(20):
            execute(client)
        executes += [execute(client) for _ in range(executions)]
        client.stop_channels()
        began = time.perf_counter()
        manager.restart_kernel(now=True)
        client = manager.client()
        ready(client)
        restarts.append(time.perf_counter() - began)
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    for name, times in (("start", starts), ("execute", executes), ("restart", restarts)):
        print(name, *("%.4f" % (1000 * each) for each in times))


main(int(sys.argv[1]), int(sys.argv[2]))
