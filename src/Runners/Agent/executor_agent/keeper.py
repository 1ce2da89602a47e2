"""A task beside another one where the kernel keeps their processes apart by nothing but who their orphans are given to."""
import _signal as signal
import errno
import fcntl
import os
import select
import struct
from .child import OWN_FDS
from .linux.library import PR_SET_CHILD_SUBREAPER, prctl
from .programs import close_all
from .task import Task, become_waiting

FIRST_FD = 3     # behind the standard streams
PID = struct.Struct("=i")
END = struct.Struct("=idq")  # status, CPU time in seconds, largest memory in KiB
TELL_MILLISECONDS = 1000     # for the keeper of a task that has ended to say how
IGNORED = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGUSR1, signal.SIGUSR2)


class KeptTask(Task):
    """A task whose process is the child of a keeper, a process that is given its orphans and tells its end."""

    def begin(self, ends):
        self.end_fd, told = os.pipe()
        try:
            self.keeper = os.fork()
            if self.keeper == 0:
                keep(ends, told)
        finally:
            if self.keeper != 0:
                os.close(told)
        said = os.read(self.end_fd, PID.size)
        if not said:
            os.waitpid(self.keeper, 0)
            raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        self.pid = PID.unpack(said)[0]

    def reap(self):
        self.kill()
        poll = select.poll()
        poll.register(self.end_fd, select.POLLIN)
        said = os.read(self.end_fd, END.size) if poll.poll(TELL_MILLISECONDS) else b""
        try:
            os.kill(self.keeper, signal.SIGKILL)  # a task may have stopped it
            os.waitpid(self.keeper, 0)
        except (ChildProcessError, ProcessLookupError):
            pass
        # Ended itself, it tells nothing: a task that does that to its keeper is taken for killed.
        return END.unpack(said) if len(said) == END.size else (signal.SIGKILL, 0.0, 0)


def keep(ends, told):
    """In the keeper. Returns in the task's process only, by an exception."""
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        pid = os.fork()
    except OSError:
        os._exit(1)
    if pid == 0:
        become_waiting(ends)
    try:
        for number in IGNORED:
            signal.signal(number, signal.SIG_IGN)
        told = fcntl.fcntl(told, fcntl.F_DUPFD_CLOEXEC, OWN_FDS)
        close_all(FIRST_FD, told - 1)
        close_all(told + 1)
        os.write(told, PID.pack(pid))
        while True:
            ended, status, usage = os.wait4(-1, 0)
            if ended == pid:
                os.write(told, END.pack(status, usage.ru_utime + usage.ru_stime, usage.ru_maxrss))
    finally:
        os._exit(0)  # with its last child
