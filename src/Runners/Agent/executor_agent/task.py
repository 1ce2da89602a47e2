"""A task's process, as the agent has it."""
import _signal as signal
import os
from .linux.calls import pidfd_open
from .linux.files import write_all


class InTask(BaseException):
    """Raised in a forked child, to leave every frame of the agent before anything else happens."""

    def __init__(self, control, status):
        super().__init__()
        self.control, self.status = control, status


def become_waiting(ends):
    """In a forked child: its standard streams are the task's."""
    control, status, *streams = ends
    for number, fd in enumerate(streams):
        os.dup2(fd, number)
    raise InTask(control, status)


def close_each(fds):
    for fd in fds:
        os.close(fd)


class Task:
    """A process forked ahead of need, in a cell, waiting behind a pipe for what to run."""

    keeper = None  # the process that its orphans are given to, where that is one of its own

    def __init__(self, cell):
        self.cell = cell
        self.init = cell.spawn_init()  # before the pipes: it must not hold an end of them
        self.control = self.status = self.stdin = self.stdout = self.stderr = self.end_fd = -1
        ends = []
        try:
            self.make_pipes(ends)
            self.begin(ends)
        except OSError:  # no more files, or processes
            if self.init:
                cell.kill(self)
                os.waitpid(self.init, 0)
            self.close()
            close_each(ends)
            raise
        close_each(ends)

    def make_pipes(self, ends):
        """Adds the process's own ends, in the order of become_waiting."""
        for name in ("control", "status", "stdin", "stdout", "stderr"):
            reading, writing = os.pipe()
            is_read = name in ("control", "stdin")
            ends.append(reading if is_read else writing)
            setattr(self, name, writing if is_read else reading)

    def begin(self, ends):
        """Forks the process. `end_fd` then tells its end."""
        self.pid = os.fork()
        if self.pid == 0:
            become_waiting(ends)
        try:
            self.end_fd = pidfd_open(self.pid)
        except (OSError, TypeError):
            if self.init:
                raise
            # An engine's filter does not know it: the end is then looked for now and then.

    def kill(self):
        """Ends every process of the task, without waiting for that."""
        self.cell.kill(self)

    def interrupt(self):
        """Asks the task to end."""
        try:
            os.killpg(self.pid, signal.SIGTERM)
        except OSError:
            pass

    def processes(self):
        """The task's, as numbers."""
        return self.cell.processes(self)

    def reap(self):
        """Ends every process of the task and waits until the last is gone.

        Gives status, CPU time in seconds and largest memory in KiB of the task's own process.
        """
        self.kill()
        _, status, usage = os.wait4(self.pid, 0)
        if self.init:
            os.waitpid(self.init, 0)
        else:
            self.reap_orphans(0 if self.cell.is_alone(self) else os.WNOHANG)
        return status, usage.ru_utime + usage.ru_stime, usage.ru_maxrss

    def has_ended(self):
        """Whether the task's own process has; what was orphaned to the agent is reaped on the way."""
        return self.reap_orphans(os.WNOHANG)

    def reap_orphans(self, flags):
        keepers = [task.keeper for task in self.cell.company]
        while True:
            try:
                ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT | flags)
            except ChildProcessError:
                return True
            if ended is None or ended.si_pid in keepers:
                return False
            if ended.si_pid == self.pid:
                return True
            os.waitpid(ended.si_pid, 0)

    def start(self, order):
        """Sends the process what to run."""
        try:
            write_all(self.control, order)
        except BrokenPipeError:
            pass  # it died while it waited; its status says why
        os.close(self.control)
        self.control = -1

    def close(self):
        for fd in (self.control, self.status, self.stdin, self.stdout, self.stderr, self.end_fd):
            if fd >= 0:
                os.close(fd)

    def close_stdin(self):
        if self.stdin >= 0:
            os.close(self.stdin)
            self.stdin = -1
