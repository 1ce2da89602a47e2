"""What every place is in which a task can run."""
import _signal as signal
import os
from ..cgroups import MemoryCgroup
from ..linux.library import PR_SET_PDEATHSIG, prctl


class Cell:
    """One place to run tasks in, one workspace after the other. This class is one without namespaces; what they change, NamespaceCell overrides."""

    work = "/work"        # the folder that a task starts in
    pids_are_ours = False  # whether the user that tasks run as has no other processes
    home = "/tmp"          # what tasks mostly have for a home: private, unlike that of the host
    serves_once = False   # whether it goes with its first workspace
    needs_keepers = False  # whether the kernel does not keep the processes of one task apart from those of another

    def __init__(self, config):
        self.config = config
        self.memory = None  # what counts the memory of a workspace; None where only its processes tell
        self.company = []   # the tasks that run
        self.silence = 0    # the channel's
        self.prestart = config.get("prestart")
        self.prestart_env = config.get("prestart_env", {})

    def settle(self, channel):
        """Makes the cell, and returns in the process that serves in it. The one that was started waits, and ends what that leaves."""
        self.silence = channel.silence = self.config.get("silence_sec", 0)
        if self.silence:
            signal.signal(signal.SIGALRM, lambda *_: os._exit(0))  # and with this process whatever is below it
        memory = MemoryCgroup.create() if os.geteuid() == 0 else None
        self.isolate()
        if memory and memory.joined():
            self.memory = memory
        pid = os.fork()
        if pid:
            channel.close()
            os.waitpid(pid, 0)
            self.end_rest()
            os._exit(0)
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        self.begin()

    def isolate(self):
        """In the process that was started, before it forks the one that serves."""

    def end_rest(self):
        """In the process that was started, when the one that served is gone: ends what that left."""

    def begin(self):
        """In the process that serves."""

    def make_disk(self, size_mb):
        """Room for what a task writes."""

    def drop_disk(self):
        """Removes what a task wrote, when its processes are gone."""

    def spawn_init(self):
        """The process whose end is the end of a task's others; None where there is none."""
        return None

    def is_alone(self, task):
        """Whether every process of the workspace is of that task."""
        return self.company in ([], [task])

    def kill(self, task):
        """Ends every process of a task."""
        raise NotImplementedError

    def processes(self, task):
        """Those of a task, as numbers."""
        raise NotImplementedError

    def sweep(self):
        """When all tasks have ended: ends what of them went astray."""

    def enter(self):
        """In a task's process, before it knows what to run."""
        signal.signal(signal.SIGINT, signal.default_int_handler)  # the agent ignores it

    def filter_calls(self):
        """In a task's process, last of all."""

    def order(self, message, head):
        """What a task's process is told, of the message and the bytes that it came as."""
        return head

    def renew(self):
        """Between two tasks: gets rid of what the first one left and the second could meet."""
