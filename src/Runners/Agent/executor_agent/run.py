"""One process of a task, from start to end."""
import _signal as signal
import os
import resource
import select
import time
from .child import EXHAUSTED
from .linux.processes import CHILDREN_SYSTEM_TIME, RESIDENT_PAGES, STATE, USER_TIME, status_of

BUSY = (b"R", b"D")       # states of a process that runs, or waits for a disk
SIGNAL_EXIT = 128         # what a shell adds to a signal for an exit code
PIPE_BYTES = 1 << 16      # of one read or write
KIBIBYTE = 1 << 10


def is_busy(pid):
    try:
        return status_of(pid)[STATE] in BUSY
    except OSError:
        return False


class Run:
    """Its output out, its input in, its limits watched."""

    POLL_SECONDS = 0.025
    CLOCK_SECONDS = 0.001  # the precision of poll(2)
    LONGEST_SECONDS = 3600  # what poll(2) can wait for has an end
    ORPHAN_SECONDS = 0.05  # where this process is who orphans are given to
    # A process that outlives the main one may still have to print what it was given (`exec > >(tee log)`): it is waited for until nothing
    # has the pipes open, until nothing has come for so long and all sleep, and no longer than this altogether.
    SILENCE_SECONDS, LINGER_SECONDS = 0.25, 2.0
    GATHER_BYTES = 1 << 15

    def __init__(self, pump, number, task, message, memory):
        self.pump, self.channel, self.number, self.task, self.memory = pump, pump.channel, number, task, memory
        self.limits, self.env, self.answers = message["limits"], message["env"], message.get("answers", False)
        self.adopts = task.init is None and not task.keeper  # whether orphans of its are given to the agent
        self.left = {1: self.limits["output_bytes"], 2: self.limits["output_bytes"]}
        self.open = {task.stdout: 1, task.stderr: 2}
        self.gathered, self.gathered_from, self.gathered_since = bytearray(), 0, 0.0
        self.pending = bytearray()
        self.input_ended = self.held = False
        self.ended = self.heard = 0.0  # when its own process did, and when something came after that
        self.stopped = self.killed = False
        self.shared = False  # whether another one ran beside it: what the workspace's memory tells is then not of it alone
        self.cpu_exceeded = self.memory_exceeded = False
        self.kills_before = 0  # by the memory limit, since the first process of those that run
        self.resident = self.peak = 0
        # Threads can't use CPU time faster than there are cores, so before this nothing needs watching.
        self.watch_from = time.monotonic() + (self.limits["cpu_time"] / (os.cpu_count() or 1) if memory else 0)
        if task.end_fd >= 0:
            pump.listen(task.end_fd, self)
        for fd in self.open:
            pump.listen(fd, self)
        os.set_blocking(task.stdin, False)

    def wait(self, now):
        """How long nothing needs to be looked at, in seconds."""
        wait = self.POLL_SECONDS if now >= self.watch_from else min(self.watch_from - now + self.CLOCK_SECONDS, self.LONGEST_SECONDS)
        return min(wait, self.ORPHAN_SECONDS) if self.ended or self.adopts else wait

    def look(self):
        if not self.ended and self.task.has_ended():
            self.ended = self.heard = time.monotonic()

    def handle(self, fd):
        """Something happened to one of its descriptors."""
        if fd in self.open:
            if self.forward(fd) and self.answers:
                self.pass_on()
                self.channel.flush()
        elif fd == self.task.stdin:
            self.feed()
        else:
            self.pump.forget(fd)
            self.ended = self.heard = time.monotonic()

    def is_over(self):
        return self.ended and (not self.open or self.stopped or self.has_lingered())

    def has_lingered(self):
        """Whether what is left of a task whose own process has ended is not waited for any more."""
        now = time.monotonic()
        if now - self.ended > self.LINGER_SECONDS:
            return True
        return not self.held and now - self.heard > self.SILENCE_SECONDS and not any(map(is_busy, self.task.processes()))

    def forward(self, fd):
        """False at the end of the stream."""
        piece = os.read(fd, PIPE_BYTES)
        if not piece:
            del self.open[fd]
            self.pump.forget(fd)
            return False
        if self.ended:
            self.heard = time.monotonic()
        stream = self.open[fd]
        kept = piece[:self.left[stream]]
        self.left[stream] -= len(kept)
        if stream != self.gathered_from or len(self.gathered) + len(kept) > self.GATHER_BYTES:
            self.pass_on()
        if not self.gathered:
            self.gathered_from, self.gathered_since = stream, time.monotonic()
        self.gathered += kept
        return True

    def pass_on(self):
        if self.gathered:
            self.channel.add({"op": "output", "process": self.number, "stream": self.gathered_from}, self.gathered)
            self.gathered = bytearray()

    def hold(self, is_held):
        """Whether its output stays with it for now: who receives it has more than enough."""
        self.held, self.heard = is_held, time.monotonic()
        for fd in self.open:
            self.pump.forget(fd)
            if not is_held:
                self.pump.listen(fd, self)

    def drain(self):
        """Every writer of it is dead: what is in the pipes is all there is, though a process beside it may have been given an end of one."""
        for fd in list(self.open):
            os.set_blocking(fd, False)
            try:
                while self.forward(fd):
                    pass
            except BlockingIOError:
                pass
        self.pass_on()

    def detach(self):
        """It is listened to no more."""
        for fd in (self.task.end_fd, self.task.stdin, *self.open):
            self.pump.forget(fd)

    def take_input(self, data):
        if not self.pending and self.task.stdin >= 0:
            self.pump.listen(self.task.stdin, self, select.POLLOUT)
        self.pending += data

    def end_input(self):
        self.input_ended = True
        if not self.pending:
            self.close_input()

    def close_input(self):
        self.pump.forget(self.task.stdin)
        self.task.close_stdin()

    def feed(self):
        """Writes what the process will take of its input."""
        try:
            written = os.write(self.task.stdin, self.pending[:PIPE_BYTES])
        except BlockingIOError:
            return
        except BrokenPipeError:
            self.pending.clear()
            self.close_input()
            return
        del self.pending[:written]
        self.channel.send({"op": "taken", "process": self.number, "bytes": written})
        if not self.pending:
            self.pump.forget(self.task.stdin)
            if self.input_ended:
                self.close_input()

    def tell_memory(self):
        kills = self.memory.kills() - self.kills_before if self.memory else 0
        self.channel.send({"op": "memory", "process": self.number, "kills": kills})

    def stop(self, mode):
        self.stopped = True
        if mode == "kill":
            self.kill()
        elif not (self.ended and self.task.keeper):  # by whom the process was waited for: its number may be another's
            self.task.interrupt()

    def kill(self):
        self.stopped = self.killed = True
        self.task.kill()

    def watch(self):
        """The tree's CPU time, and its memory where no cgroup counts it."""
        ticks = pages = 0
        for pid in self.task.processes():
            try:
                fields = status_of(pid)
            except OSError:
                continue
            ticks += sum(int(field) for field in fields[USER_TIME:CHILDREN_SYSTEM_TIME + 1])
            pages += int(fields[RESIDENT_PAGES])
        self.resident = pages * resource.getpagesize()
        self.peak = max(self.peak, self.resident)
        left = self.limits["cpu_time"] - ticks / os.sysconf("SC_CLK_TCK")
        if self.memory and left > 0:
            self.watch_from = time.monotonic() + max(self.POLL_SECONDS, left / (os.cpu_count() or 1))
        if left < 0:
            self.cpu_exceeded = True
            self.task.kill()

    def exceed_memory(self):
        self.memory_exceeded = True
        self.task.kill()

    def outcome(self, status, cpu, largest, problem, memory_end):
        """How it ended.

        problem: what its process said when it could not become what it should.
        memory_end: what the memory of the workspace tells at the end, where no other process runs: its peak, and whether the kernel killed for it.
        """
        number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else None
        peak, killed_for_memory = memory_end
        if self.shared:  # whose peak it was can't be told; who was killed, by its own end only
            peak = None
            killed_for_memory = number == signal.SIGKILL and not self.killed and bool(self.memory) and self.memory.kills() > self.kills_before
        if number == signal.SIGXCPU or (number == signal.SIGKILL and cpu > self.limits["cpu_time"]):
            self.cpu_exceeded = True
        return {"op": "exit", "process": self.number, "exit_code": SIGNAL_EXIT + number if number else os.WEXITSTATUS(status), "signal": number,
                "cpu_time": round(cpu, 6), "peak_memory": peak or max(self.peak, largest * KIBIBYTE),
                "oom_killed": self.memory_exceeded or killed_for_memory, "cpu_exceeded": self.cpu_exceeded,
                "start_error": problem.lstrip(EXHAUSTED).decode("utf-8", "replace") or None, "exhausted": problem.startswith(EXHAUSTED)}


def end_largest(runs, limit):
    """Ends the process with the most memory, if all together have more than that."""
    if sum([run.resident for run in runs]) > limit:
        largest = max(runs, key=lambda run: run.resident)
        largest.resident = 0
        largest.exceed_memory()
