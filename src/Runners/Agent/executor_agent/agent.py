"""The agent: carries out what it is told, one task at a time."""
import errno
import gc
import os
import sys
from .collect import Collector
from .limits import MEBIBYTE, kernel_limits, limit_process
from .linux.files import read_all, write_all
from .run import Run
from .script.launch import Launch
from .task import Task

PROTOCOL = 1


class Agent:
    def __init__(self, channel, config, cell):
        self.channel, self.config, self.cell = channel, config, cell
        if config.get("environment"):
            import site  # noqa: F401  loaded once, here, and not by every forked child; started with -S it does nothing by itself
        self.preload = list(config.get("preload", ()))
        self.task = None
        self.disk_mb = 0

    def serve(self):
        """Until the other side goes."""
        self.launch = Launch(self.config.get("environment"))
        gc.collect()
        gc.freeze()
        gc.disable()
        self.prepare(self.config["disk_mb"])
        memory = self.cell.memory
        self.channel.send({"op": "ready", "protocol": PROTOCOL, "python": "%d.%d.%d" % sys.version_info[:3],
                           "executable": sys.executable, "cgroup": memory.path if memory else None})
        while True:
            message, data = self.channel.receive()
            if message is None:
                break
            operation = message["op"]
            if operation == "open":
                self.prepare(message["disk_mb"])
            elif operation == "put":
                self.put(message, data)
            elif operation == "start":
                self.run(message)
            elif operation == "get":
                Collector(self.channel, self.cell.work, message["max_bytes"]).collect(message["patterns"])
            elif operation == "close":
                self.close()
            elif operation not in ("stdin", "stop", "memory", "ping"):  # the first three may arrive just after the process ended
                raise ValueError("unknown operation " + repr(operation))
        self.discard()

    def prepare(self, disk_mb):
        """A disk and a waiting process for the next task."""
        if self.disk_mb != disk_mb:
            self.discard()
            self.cell.make_disk(disk_mb)
            self.disk_mb = disk_mb
        if self.task is None:
            self.task = Task(self.cell)

    def discard(self):
        """Ends the task's processes and frees its disk, at once and for certain."""
        if self.task is not None:
            self.task.reap()
            self.task.close()
            self.task = None
        if self.disk_mb:
            self.cell.drop_disk()
        self.disk_mb = 0

    def close(self):
        disk_mb = self.disk_mb or self.config["disk_mb"]
        self.discard()
        self.cell.renew()
        self.channel.send({"op": "closed"})
        if self.cell.serves_once:
            os._exit(0)  # with the cell, and every file
        if self.preload:
            self.import_ahead()
        self.prepare(disk_mb)

    def import_ahead(self):
        """What tasks are likely to import, after the first of them, which shall not wait for that."""
        os.environ["OPENBLAS_NUM_THREADS"] = "1"  # no thread can be started here, which is about to fork into namespaces
        for name in self.preload:
            try:
                __import__(name)
            except Exception:
                pass  # a convenience only: a task that needs it gets the error itself
        del os.environ["OPENBLAS_NUM_THREADS"]
        self.launch.look()
        self.preload = []
        gc.collect()
        gc.freeze()

    def put(self, message, data):
        path = os.path.join(self.cell.work, message["path"])
        flags = os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | (os.O_APPEND if message.get("append") else os.O_TRUNC)
        try:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            fd = os.open(path, flags, 0o755 if message.get("executable") else 0o644)
            try:
                write_all(fd, data)
            finally:
                os.close(fd)
        except OSError as error:
            problem = "the disk is full (limits.disk_mb is %d)" % self.disk_mb if error.errno == errno.ENOSPC else error.strerror
            self.channel.send({"op": "failed", "what": "put", "path": message["path"], "message": problem})

    def run(self, message):
        self.prepare(self.disk_mb)
        limits = message["limits"]
        task, cell = self.task, self.cell
        if cell.memory:
            cell.memory.begin(limits["memory_mb"] * MEBIBYTE)
        if cell.prestart:  # it was started before its limits were known
            limit_process(task.pid, kernel_limits(limits, cell.memory is not None, cell.pids_are_ours))
        run = Run(self.channel, task, limits, cell.memory, message.get("answers", False))
        task.start(cell.order(message, self.channel.head))
        if not message["input"]:
            task.close_stdin()
        alive = run.pump()
        status, usage = task.reap()
        run.drain()
        problem = read_all(task.status).decode("utf-8", "replace")
        task.close()
        self.task = None
        self.channel.send(run.outcome(status, usage, problem))
        self.launch.expect_environment(message["env"])
        if not alive:
            self.discard()
            os._exit(0)
