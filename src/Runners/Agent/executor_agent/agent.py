"""The agent: carries out what it is told, one workspace at a time."""
import errno
import gc
import os
import sys
from .collect import Collector
from .keeper import KeptTask
from .limits import MEBIBYTE, kernel_limits, limit_process
from .linux.exhaustion import is_exhaustion
from .linux.files import read_all, write_all
from .pump import Pump
from .run import Run, end_largest
from .script.launch import Launch
from .task import Task

PROTOCOL = 2
MOST_PROCESSES = 64  # of a workspace at once
NOT_STARTED = 127    # exit code of a process that was none
OF_A_PROCESS = ("stdin", "stop", "memory", "hold")  # may arrive just after it ended


class Agent:
    def __init__(self, channel, config, cell):
        self.channel, self.config, self.cell = channel, config, cell
        if config.get("environment"):
            import site  # noqa: F401  loaded once, here, and not by every forked child; started with -S it does nothing by itself
        self.preload = list(config.get("preload", ()))
        self.pump = Pump(channel)
        self.task = None  # the one that waits
        self.runs = {}    # by the numbers of their processes
        self.disk_mb = self.memory_bytes = 0

    def serve(self):
        """Until the other side goes."""
        self.launch = Launch(self.config.get("environment"), self.cell.home)
        gc.collect()
        gc.freeze()
        gc.disable()
        self.prepare(self.config["disk_mb"])
        memory = self.cell.memory
        self.channel.send({"op": "ready", "protocol": PROTOCOL, "python": "%d.%d.%d" % sys.version_info[:3],
                           "executable": sys.executable, "cgroup": memory.path if memory else None})
        while True:
            frame = self.channel.take()
            if frame is not None:
                self.carry_out(*frame)
            elif not self.runs:
                if not self.channel.fill():
                    break
            elif not self.pump.turn(self.runs.values()):
                break
            else:
                self.look_after_runs()
        self.discard()

    def carry_out(self, message, data):
        operation = message["op"]
        if operation == "start":
            self.start(message)
        elif operation in OF_A_PROCESS:
            run = self.runs.get(message["process"])
            if run is not None:
                self.tell(run, operation, message, data)
        elif operation == "put":
            self.put(message, data)
        elif operation == "open":
            self.prepare(message["disk_mb"])
        elif operation == "get":
            Collector(self.channel, self.cell.work, message["max_bytes"]).collect(message["patterns"])
        elif operation == "close":
            self.close()
        elif operation != "ping":
            raise ValueError("unknown operation " + repr(operation))

    def tell(self, run, operation, message, data):
        if operation == "stdin":
            if message.get("eof"):
                run.end_input()
            else:
                run.take_input(data)
        elif operation == "stop":
            run.stop(message["mode"])
        elif operation == "memory":
            run.tell_memory()
        else:
            run.hold(message["held"])

    def prepare(self, disk_mb):
        """A disk and a waiting process for the next task."""
        if self.disk_mb != disk_mb:
            self.discard()
            self.cell.make_disk(disk_mb)
            self.disk_mb = disk_mb
        if self.task is None:
            self.task = Task(self.cell)

    def discard(self):
        """Ends the workspace's processes and frees its disk, at once and for certain."""
        for run in list(self.runs.values()):
            self.end(run)
        if self.task is not None:
            self.task.reap()
            self.task.close()
            self.task = None
        self.cell.sweep()
        if self.disk_mb:
            self.cell.drop_disk()
        self.disk_mb = 0

    def close(self):
        disk_mb = self.disk_mb or self.config["disk_mb"]
        for run in list(self.runs.values()):
            run.kill()
            self.finish(run)
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
            self.channel.send({"op": "failed", "what": "put", "path": message["path"], "message": problem, "exhausted": is_exhaustion(error)})

    def start(self, message):
        number, limits, cell = message["process"], message["limits"], self.cell
        if number in self.runs:
            raise ValueError("process %d runs already" % number)
        if len(self.runs) == MOST_PROCESSES:
            self.refuse(number, "a workspace runs at most %d at once" % MOST_PROCESSES)
            return
        try:
            task = self.take_task()
        except OSError as error:
            self.refuse(number, error.strerror, is_exhaustion(error))
            return
        if not self.runs:  # what holds for the workspace is told by the first
            self.memory_bytes = limits["memory_mb"] * MEBIBYTE
            if cell.memory:
                cell.memory.begin(self.memory_bytes)
        if cell.prestart:  # it was started before its limits were known
            limit_process(task.pid, kernel_limits(limits, cell.memory is not None, cell.pids_are_ours))
        run = Run(self.pump, number, task, message, cell.memory)
        self.runs[number] = run
        cell.company.append(task)
        if len(self.runs) > 1:
            run.kills_before = cell.memory.kills() if cell.memory else 0
            for each in self.runs.values():
                each.shared = True
        task.start(cell.order(message, self.channel.head))
        if not message["input"]:
            task.close_stdin()

    def refuse(self, number, problem, exhausted=False):
        self.channel.send({"op": "exit", "process": number, "exit_code": NOT_STARTED, "signal": None, "cpu_time": 0, "peak_memory": 0,
                           "oom_killed": False, "cpu_exceeded": False, "start_error": "no process can be started: " + problem,
                           "exhausted": exhausted})

    def take_task(self):
        """The process that waits, or one beside those that run."""
        if self.runs:
            return (KeptTask if self.cell.needs_keepers else Task)(self.cell)
        self.prepare(self.disk_mb)
        task, self.task = self.task, None
        return task

    def look_after_runs(self):
        if not self.cell.memory:
            end_largest(self.runs.values(), self.memory_bytes)
        for run in [run for run in self.runs.values() if run.is_over()]:
            self.finish(run)

    def finish(self, run):
        """Tells how it ended, when nothing of it is left."""
        status, cpu, largest = run.task.reap()
        run.drain()
        problem = read_all(run.task.status)
        self.forget(run)
        memory = self.cell.memory.end() if self.cell.memory and not self.runs else (None, False)
        self.channel.send(run.outcome(status, cpu, largest, problem, memory))
        self.launch.expect_environment(run.env)

    def end(self, run):
        """Ends it, and tells nobody."""
        run.task.reap()
        self.forget(run)

    def forget(self, run):
        run.detach()
        run.task.close()
        self.cell.company.remove(run.task)
        del self.runs[run.number]
