"""A container that an engine has made: it is the sandbox (`"container": true`)."""
import _signal as signal
import os
from .shared import SharedCell
from ..cgroups import ContainerMemory
from ..cores import confine
from ..linux.calls import SetupError
from ..linux.library import PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS, prctl

EVERYTHING = -1  # to kill(2): every process but pid 1, which the agent is


class ContainerCell(SharedCell):
    """The agent is pid 1 of the container, whose working directory and /tmp are its own and writable. It forks tasks and nothing else,
    serves one workspace and ends, and the container with it."""

    serves_once = True

    def settle(self, channel):
        self.memory = ContainerMemory()
        confine(self.config.get("turn", 0))
        if os.getpid() != 1:
            raise SetupError("the agent must be pid 1 of its container (no --init, no shared pid namespace)")
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)  # a task, which is the same user, must not look into the agent
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # nor interrupt it; other signals don't reach a pid 1 that has no handler

    def kill_all(self):
        try:
            os.kill(EVERYTHING, signal.SIGKILL)
        except ProcessLookupError:
            pass

    def processes(self, task):
        if self.is_alone(task):
            return [int(name) for name in os.listdir("/proc") if name.isdigit() and name != "1"]
        return self.tree(task)
