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


class Task:
    """A process forked ahead of need, in a cell, waiting behind a pipe for what to run."""

    def __init__(self, cell):
        self.cell = cell
        self.init = cell.spawn_init()  # before the pipes: it must not hold an end of them
        control_read, self.control = os.pipe()
        self.status, status_write = os.pipe()
        stdin_read, self.stdin = os.pipe()
        self.stdout, stdout_write = os.pipe()
        self.stderr, stderr_write = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            for number, fd in enumerate((stdin_read, stdout_write, stderr_write)):
                os.dup2(fd, number)
            raise InTask(control_read, status_write)
        for fd in (control_read, status_write, stdin_read, stdout_write, stderr_write):
            os.close(fd)
        self.pidfd = self.open_pidfd()

    def open_pidfd(self):
        try:
            return pidfd_open(self.pid)
        except (OSError, TypeError):
            if self.init:
                raise
            return -1  # an engine's filter does not know it: the end is then looked for now and then

    def kill(self):
        """Ends every process of the task, without waiting for that."""
        self.cell.kill(self.init)

    def interrupt(self):
        """Asks the task to end."""
        try:
            os.killpg(self.pid, signal.SIGTERM)
        except OSError:
            pass

    def processes(self):
        """The task's, as numbers."""
        return self.cell.processes(self.init)

    def reap(self):
        """Ends every process of the task and waits until the last is gone; the status and usage of the task's own process."""
        self.kill()
        _, status, usage = os.wait4(self.pid, 0)
        if self.init:
            os.waitpid(self.init, 0)
        else:
            self.reap_orphans(0)
        return status, usage

    def has_ended(self):
        """Whether the task's own process has; what was orphaned to the agent is reaped on the way."""
        return self.reap_orphans(os.WNOHANG)

    def reap_orphans(self, flags):
        while True:
            try:
                ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT | flags)
            except ChildProcessError:
                return True
            if ended is None:
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
        for fd in (self.control, self.status, self.stdin, self.stdout, self.stderr, self.pidfd):
            if fd >= 0:
                os.close(fd)

    def close_stdin(self):
        if self.stdin >= 0:
            os.close(self.stdin)
            self.stdin = -1
