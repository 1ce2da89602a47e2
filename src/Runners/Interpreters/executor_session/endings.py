"""The end of everything below the supervisor."""
import _signal as signal
import os
import time
from executor_agent.linux.processes import PARENT, descendants, signal_all, status_of

END_SECONDS = 0.0003  # processes end when the kernel next looks at them


def end_descendants():
    """Ends every process below this one; they can't leave it, as orphans are given to it. Stopped first: they could fork on."""
    while True:
        while True:
            try:
                if os.waitpid(-1, os.WNOHANG)[0] == 0:
                    break
            except ChildProcessError:
                return
        below = descendants(os.getpid())
        signal_all(below, signal.SIGSTOP)
        signal_all(below or children_unlisted(), signal.SIGKILL)
        time.sleep(END_SECONDS)


def children_unlisted():
    """For a kernel that does not list children: whoever names this process as its parent."""
    own = b"%d" % os.getpid()
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                if status_of(int(name))[PARENT] == own:
                    yield int(name)
            except (OSError, IndexError):
                pass
