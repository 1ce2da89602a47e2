"""Memory control groups, v1 and v2: one of our own, or that of the container that we are in."""
import os
from .linux.files import read_file, write_file

NUMBER_BYTES = 64    # a file that holds one number is shorter
EVENTS_BYTES = 4096  # so is one that holds a handful


def memory_groups(own_groups, mounts):
    """Where a group may be made, of /proc/self/cgroup and /proc/self/mountinfo: (version, folder), our own group first."""
    own = {}
    for line in own_groups.splitlines():
        _, controllers, path = line.split(":", 2)
        own.update((name, path) for name in controllers.split(","))
    for line in mounts.splitlines():
        fields, _, rest = line.partition(" - ")
        kind, _, options = rest.split(" ", 2)
        root, point = fields.split(" ")[3:5]
        name = "memory" if kind == "cgroup" and "memory" in options.split(",") else "" if kind == "cgroup2" else None
        if name in own:
            if own[name].startswith(root):
                group = os.path.normpath(os.path.join(point, os.path.relpath(own[name], root)))
                yield (1 if name else 2), group
                if not name and group != point:
                    yield 2, os.path.dirname(group)  # where systemd delegates with DelegateSubgroup=
            # The second choice: in v2 a group with processes in it can't have groups below it, but the root can.
            yield (1 if name else 2), point


def count_memory_kills(events):
    """How many processes the kernel has ended for memory, by the open file that counts them."""
    for line in os.pread(events, EVENTS_BYTES, 0).splitlines():
        if line.startswith(b"oom_kill "):
            return int(line.split()[1])
    return 0


class MemoryCgroup:
    """A memory cgroup of our own in which the agent and its tasks live; all its files are opened while we are root."""

    PREFIX = "executor-"
    UNLIMITED = 1 << 40

    @classmethod
    def create(cls):
        """None where the cgroup tree can't be written."""
        for version, parent in cls.parents():
            path = os.path.join(parent, "%s%d" % (cls.PREFIX, os.getpid()))
            try:
                cls.sweep(parent)
                if version == 2:
                    cls.enable(parent)
                os.mkdir(path)
            except OSError:
                continue
            try:
                return cls(version, path)
            except OSError:
                try:
                    os.rmdir(path)
                except OSError:
                    pass
        return None

    @staticmethod
    def parents():
        """Where to try: (version, folder)."""
        return memory_groups(read_file("/proc/self/cgroup").decode(), read_file("/proc/self/mountinfo").decode())

    @classmethod
    def sweep(cls, parent):
        """Removes what killed agents left: groups of ours that hold no process."""
        for name in os.listdir(parent):
            if name.startswith(cls.PREFIX) and not os.path.exists("/proc/" + name[len(cls.PREFIX):]):
                try:
                    os.rmdir(os.path.join(parent, name))
                except OSError:
                    pass

    @staticmethod
    def enable(parent):
        try:
            write_file(os.path.join(parent, "cgroup.subtree_control"), "+memory")
        except OSError:
            pass  # it may be on already; if it is off for good, the limit's file will be missing

    def __init__(self, version, path):
        self.version, self.path = version, path
        old = version == 1
        self.limit = self.open("memory.limit_in_bytes" if old else "memory.max", os.O_WRONLY)
        self.usage = self.open("memory.usage_in_bytes" if old else "memory.current", os.O_RDONLY)
        self.events = self.open("memory.oom_control" if old else "memory.events", os.O_RDONLY)
        self.swap = self.open("memory.memsw.limit_in_bytes", os.O_WRONLY, optional=True) if old else None
        # Resetting the peak works in v1, and in v2 from Linux 6.12; else the peak is told from the processes.
        self.peak = self.open("memory.max_usage_in_bytes" if old else "memory.peak", os.O_RDWR, optional=True)
        if not old:
            no_swap = self.open("memory.swap.max", os.O_WRONLY, optional=True)
            if no_swap is not None:
                os.write(no_swap, b"0")
        self.baseline = self.ooms = 0
        # Changing groups waits for every CPU (10 to 20 ms), so another process does it while this one builds the root.
        self.mover = os.fork()
        if self.mover == 0:
            try:
                write_file(os.path.join(path, "cgroup.procs"), str(os.getppid()))
                os._exit(0)
            except BaseException:  # noqa: B902
                os._exit(1)

    def joined(self):
        """Waits until this process is in the group; false if it can't be."""
        return os.waitpid(self.mover, 0)[1] == 0

    def open(self, name, flags, optional=False):
        try:
            return os.open(os.path.join(self.path, name), flags | os.O_CLOEXEC)
        except OSError:
            if optional:
                return None
            raise

    def begin(self, limit):
        """A task starts: from here its memory counts, on top of what the agent itself holds."""
        self.baseline = int(os.pread(self.usage, NUMBER_BYTES, 0))
        self.ooms = count_memory_kills(self.events)
        total = b"%d" % (self.baseline + limit)
        os.pwrite(self.limit, total, 0)
        if self.swap is not None:
            os.pwrite(self.swap, total, 0)
        if self.peak is not None:
            os.pwrite(self.peak, b"0", 0)

    def end(self):
        """(peak in bytes or None, whether the kernel killed for memory); lifts the limit again."""
        peak = None if self.peak is None else max(0, int(os.pread(self.peak, NUMBER_BYTES, 0)) - self.baseline)
        killed = self.kills() > 0
        if self.swap is not None:
            os.pwrite(self.swap, b"%d" % self.UNLIMITED, 0)
        os.pwrite(self.limit, b"%d" % self.UNLIMITED, 0)
        return peak, killed

    def kills(self):
        """How many processes the kernel has ended for memory since the task began."""
        return count_memory_kills(self.events) - self.ooms


class ContainerMemory:
    """The memory cgroup of the container that the agent is in, as far as it can be read from inside. The engine set its limit."""

    FOLDERS = (("/sys/fs/cgroup", "memory.current", "memory.peak", "memory.events"),
               ("/sys/fs/cgroup/memory", "memory.usage_in_bytes", "memory.max_usage_in_bytes", "memory.oom_control"))
    path = None

    def __init__(self):
        self.usage = self.peak = self.events = None
        for folder, usage, peak, events in self.FOLDERS:
            if os.path.exists(os.path.join(folder, events)):
                self.usage, self.peak, self.events = (self.open(os.path.join(folder, name)) for name in (usage, peak, events))
        self.baseline = self.ooms = 0

    @staticmethod
    def open(path):
        try:
            return os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return None

    @staticmethod
    def number(fd):
        return 0 if fd is None else int(os.pread(fd, NUMBER_BYTES, 0))

    def begin(self, _):
        self.baseline = self.number(self.usage)
        self.ooms = self.all_kills()

    def end(self):
        # The peak is the container's, of which only one task is ever a part.
        return max(0, self.number(self.peak) - self.baseline) or None, self.kills() > 0

    def kills(self):
        return self.all_kills() - self.ooms

    def all_kills(self):
        return 0 if self.events is None else count_memory_kills(self.events)
