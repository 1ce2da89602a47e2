#!/usr/bin/env python3
"""An executor in one page of Python, standard library only: runs `code` tasks with this interpreter, WITHOUT a sandbox.

usage: EXECUTOR_API_KEY=... python3 worker.py ws://localhost:5000/executors/connect [executor_id] [capability ...]
The protocol is described in docs/executor-protocol.md.
"""
import base64, json, os, signal, socket, ssl, struct, subprocess, sys, threading, time
from urllib.parse import urlsplit


class WebSocket:
    def __init__(self, url):
        parts = urlsplit(url)
        self.sock = socket.create_connection((parts.hostname, parts.port or (443 if parts.scheme == "wss" else 80)))
        if parts.scheme == "wss":
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=parts.hostname)
        key = base64.b64encode(os.urandom(16)).decode()
        token = os.environ.get("EXECUTOR_API_KEY")
        self.sock.sendall((f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                           f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
                           + (f"Authorization: Bearer {token}\r\n" if token else "") + "\r\n").encode())
        self.file, self.lock = self.sock.makefile("rb"), threading.Lock()
        status = self.file.readline().decode().strip()
        while self.file.readline() not in (b"\r\n", b""):
            pass
        if " 101 " not in status:
            sys.exit(f"{url} answers: {status}")

    def send(self, data, opcode=1):
        size = len(data)
        head = (struct.pack("!BB", 128 | opcode, 128 | size) if size < 126 else
                struct.pack("!BBH", 128 | opcode, 254, size) if size < 65536 else struct.pack("!BBQ", 128 | opcode, 255, size))
        with self.lock:  # a mask of zeros leaves the data as it is
            self.sock.sendall(head + bytes(4) + data)

    def frames(self):
        message = b""
        while head := self.file.read(2):
            size = head[1] & 127
            if size > 125:
                size = int.from_bytes(self.file.read(2 if size == 126 else 8), "big")
            data = self.file.read(size)
            if head[0] & 15 == 8:  # close
                return
            if head[0] & 15 == 9:  # ping, answered by a pong
                self.send(data, 10)
            elif head[0] & 15 < 3:
                message += data
                if head[0] & 128:
                    yield json.loads(message)
                    message = b""


def say(**frame):
    ws.send(json.dumps(frame).encode())


def run(task, attempt):
    key, start, output = (task["task_id"], attempt), time.time(), b""
    name = dict(zip(("task_id", "attempt"), key))
    running[key] = None
    if "code" not in task or "callable" in task:  # a failure of ours, not of the task's: the server gives it to another executor
        return say(type="result", **name, result={"task_id": key[0], "status": "FAILED",
                   "error": {"type": "infrastructure.runner", "message": "this executor runs only code"}})
    running[key] = process = subprocess.Popen(
        [sys.executable, "-u", "-c", task["code"], *task.get("args", [])], start_new_session=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    timer = threading.Timer(task.get("timeout", 300), os.killpg, (process.pid, signal.SIGKILL))
    timer.start()
    for seq, piece in enumerate(iter(lambda: process.stdout.read1(65536), b""), 1):
        output += piece
        say(type="output", **name, stream="stdout", seq=seq, encoding="base64", data=base64.b64encode(piece).decode())
    code, timed_out = process.wait(), not timer.is_alive()
    timer.cancel()
    error = {} if code == 0 else {"error": {"type": "timeout" if timed_out else "exit_code", "message": f"exit code {code}"}}
    say(type="result", **name, result={
        "task_id": key[0], "status": "COMPLETED" if code == 0 else "CANCELLED" if key in cancelled else "FAILED", **error,
        "exit_code": code if code >= 0 else 128 - code, "timed_out": timed_out, "stdout": output.decode("utf-8", "replace"),
        "start_time_ms": int(start * 1000), "end_time_ms": int(time.time() * 1000), "duration_sec": time.time() - start})


def beat(lease):
    while True:
        time.sleep(lease / 3)
        say(type="heartbeat", running=[{"task_id": task_id, "attempt": attempt} for task_id, attempt in list(running)])


running, cancelled = {}, set()
ws = WebSocket(sys.argv[1])
say(type="register", protocol=1, executor_id=(sys.argv[2:] + ["python-example"])[0], host=socket.gethostname(), max_tasks=2, capabilities=sys.argv[3:])
for frame in ws.frames():
    key = frame.get("task_id"), frame.get("attempt")
    if frame["type"] == "registered":
        print("registered", flush=True)
        threading.Thread(target=beat, args=(frame.get("lease_sec", 60),), daemon=True).start()
    elif frame["type"] == "run":
        threading.Thread(target=run, args=(frame["task"], frame["attempt"]), daemon=True).start()
    elif frame["type"] == "cancel" and running.get(key):
        cancelled.add(key)
        os.killpg(running[key].pid, signal.SIGKILL)
    elif frame["type"] == "result_ack":
        running.pop(key, None)
    elif frame["type"] == "error":
        sys.exit(frame["message"])
