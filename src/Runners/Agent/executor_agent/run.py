"""One process of a task, from start to end."""
import _signal as signal
import os
import resource
import select
import time
from .limits import MEBIBYTE
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
    # Small pieces of output wait this long for one another: a print is two writes, and the end often follows at once.
    GATHER_SECONDS, LONGEST_GATHERING = 0.001, 0.01
    GATHER_BYTES = 1 << 15

    def __init__(self, channel, task, limits, memory, answers):
        self.channel, self.task, self.limits, self.memory, self.answers = channel, task, limits, memory, answers
        self.left = {1: limits["output_bytes"], 2: limits["output_bytes"]}
        self.open = {task.stdout: 1, task.stderr: 2}
        self.gathered, self.gathered_from, self.gathered_since = bytearray(), 0, 0.0
        self.pending = bytearray()
        self.input_ended = False
        self.ended = self.heard = 0.0  # when its own process did, and when something came after that
        self.stopped = False
        self.cpu_exceeded = self.memory_exceeded = False
        self.peak = 0
        self.started = time.monotonic()
        # Threads can't use CPU time faster than there are cores, so before this nothing needs watching.
        self.watch_from = self.started + (limits["cpu_time"] / (os.cpu_count() or 1) if memory else 0)

    def pump(self):
        """Until the process has ended; False when whoever speaks to us has gone."""
        poll = select.poll()
        channel, task = self.channel, self.task
        poll.register(channel.read_fd, select.POLLIN)
        if task.pidfd >= 0:
            poll.register(task.pidfd, select.POLLIN)
        for fd in self.open:
            poll.register(fd, select.POLLIN)
        if task.stdin >= 0:
            os.set_blocking(task.stdin, False)
        waiting_to_write = False
        self.handle_frames()
        while True:
            if self.ended and (not self.open or self.stopped or self.has_lingered()):
                return True
            wants_to_write = bool(self.pending) and task.stdin >= 0
            if wants_to_write != waiting_to_write:
                if wants_to_write:
                    poll.register(task.stdin, select.POLLOUT)
                elif task.stdin >= 0:
                    poll.unregister(task.stdin)
                waiting_to_write = wants_to_write
            now = time.monotonic()
            wait = self.POLL_SECONDS if now >= self.watch_from else min(self.watch_from - now + self.CLOCK_SECONDS, self.LONGEST_SECONDS)
            held_back = self.gathered or channel.unsent
            if held_back:
                wait = self.GATHER_SECONDS
            if task.init is None or self.ended:
                wait = min(wait, self.ORPHAN_SECONDS)
            ready = poll.poll(wait * 1000)
            if task.init is None and not self.ended and task.has_ended():
                self.ended = self.heard = time.monotonic()
            if held_back and (not ready or now > self.gathered_since + self.LONGEST_GATHERING):
                self.pass_on()
                channel.flush()
            for fd, _ in ready:
                if fd in self.open:
                    if not self.forward(fd):
                        poll.unregister(fd)
                    elif self.answers:
                        self.pass_on()
                        channel.flush()
                elif fd == channel.read_fd:
                    if not channel.fill():
                        return False
                    self.handle_frames()
                elif fd == task.stdin:
                    if not self.feed():
                        poll.unregister(fd)
                        task.close_stdin()
                        waiting_to_write = False
                else:
                    poll.unregister(fd)
                    self.ended = self.heard = time.monotonic()
            if time.monotonic() >= self.watch_from:
                self.watch()

    def has_lingered(self):
        """Whether what is left of a task whose own process has ended is not waited for any more."""
        now = time.monotonic()
        if now - self.ended > self.LINGER_SECONDS:
            return True
        return now - self.heard > self.SILENCE_SECONDS and not any(map(is_busy, self.task.processes()))

    def forward(self, fd):
        piece = os.read(fd, PIPE_BYTES)
        if not piece:
            del self.open[fd]
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
            self.channel.add({"op": "output", "stream": self.gathered_from}, self.gathered)
            self.gathered = bytearray()

    def drain(self):
        """Every writer is dead: what is in the pipes is all there is."""
        for fd in list(self.open):
            while self.forward(fd):
                pass
        self.pass_on()

    def handle_frames(self):
        while True:
            frame = self.channel.take()
            if frame is None:
                return
            message, data = frame
            if message["op"] == "stdin":
                if message.get("eof"):
                    self.input_ended = True
                    if not self.pending:
                        self.task.close_stdin()
                else:
                    self.pending += data
            elif message["op"] == "memory":
                self.channel.send({"op": "memory", "kills": self.memory.kills() if self.memory else 0})
            elif message["op"] == "stop":
                self.stopped = True
                if message["mode"] == "kill":
                    self.task.kill()
                else:
                    self.task.interrupt()

    def feed(self):
        """Writes what the process will take of its input; False when its input is at an end."""
        try:
            written = os.write(self.task.stdin, self.pending[:PIPE_BYTES])
        except BlockingIOError:
            return True
        except BrokenPipeError:
            self.pending.clear()
            return False
        del self.pending[:written]
        self.channel.send({"op": "taken", "bytes": written})
        return bool(self.pending) or not self.input_ended

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
        self.peak = max(self.peak, pages * resource.getpagesize())
        left = self.limits["cpu_time"] - ticks / os.sysconf("SC_CLK_TCK")
        if self.memory and left > 0:
            self.watch_from = time.monotonic() + max(self.POLL_SECONDS, left / (os.cpu_count() or 1))
        if left < 0:
            self.cpu_exceeded = True
            self.task.kill()
        elif not self.memory and pages * resource.getpagesize() > self.limits["memory_mb"] * MEBIBYTE:
            self.memory_exceeded = True
            self.task.kill()

    def outcome(self, status, usage, problem):
        peak, killed_for_memory = self.memory.end() if self.memory else (None, False)
        cpu = usage.ru_utime + usage.ru_stime
        number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else None
        if number == signal.SIGXCPU or (number == signal.SIGKILL and cpu > self.limits["cpu_time"]):
            self.cpu_exceeded = True
        return {"op": "exit", "exit_code": SIGNAL_EXIT + number if number else os.WEXITSTATUS(status), "signal": number,
                "cpu_time": round(cpu, 6), "peak_memory": peak or max(self.peak, usage.ru_maxrss * KIBIBYTE),
                "oom_killed": self.memory_exceeded or killed_for_memory, "cpu_exceeded": self.cpu_exceeded,
                "start_error": problem or None}
