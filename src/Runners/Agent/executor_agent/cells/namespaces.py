"""The sandbox: namespaces within namespaces, a root of its own, a filter of system calls."""
import _signal as signal
import ctypes
import errno
import os
import time
from .cell import Cell
from ..linux.calls import CLONE_FILES, CLONE_NEWIPC, CLONE_NEWNET, CLONE_NEWNS, CLONE_NEWPID, CLONE_NEWUSER, CLONE_NEWUTS, CLONE_VM
from ..linux.calls import MACHINE, MS_BIND, MS_NODEV, MS_NOEXEC, MS_NOSUID, MS_REC, SYSTEM_CALLS, SetupError, check
from ..linux.calls import make_read_only, mount, unmount, unshare
from ..linux.files import read_file
from ..linux.library import PR_SET_DUMPABLE, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, libc, prctl
from ..linux.privileges import TASK_UID, UNPRIVILEGED_ID, become_unprivileged, drop_capabilities, enter_user_namespace, loopback_up
from ..linux.processes import descendants
from ..programs import close_all
from ..rootfs import LAID_ASIDE, NEW, OLD, build_root, enter_root
from ..seccomp import make_seccomp_filter

INODES = 64              # of any task's disk,
INODES_PER_MEBIBYTE = 512  # and for its size: a file costs the kernel about 1 KiB that no size limit counts
TERMINALS = 64           # of a task's own
INIT_STACK, STACK_ALIGNMENT, STACK_MARGIN = 1 << 14, 16, 64
KEPT = "/run/executor/%d"  # where a folder below /tmp is kept
ANY_MODE = 0o1777
HOST_NAME = b"executor"
ENTER_SECONDS, LOOK_SECONDS = 5.0, 0.0005  # for a task to enter its user namespace, and between two looks whether it has


class NamespaceCell(Cell):
    """Hides the host from tasks, and tasks from each other."""

    pids_are_ours = True

    def __init__(self, config):
        super().__init__(config)
        self.network = config["network"]
        self.late_binds = []

    def isolate(self):
        """Leaves the host behind: a root with its system files only, no privilege outside, namespaces of our own."""
        if SYSTEM_CALLS is None:
            raise SetupError("the sandbox knows x86_64 and aarch64, this is " + MACHINE)
        namespaces = CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | (0 if self.network else CLONE_NEWNET)
        if os.geteuid() == 0:
            # As root: what only root may read can be shown too, and what then runs is nobody on the host.
            unshare(CLONE_NEWNS, "mount namespace")
            self.change_root()
            become_unprivileged()
            prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)  # lost with the ids, and needed to write the maps
            enter_user_namespace(namespaces, UNPRIVILEGED_ID, UNPRIVILEGED_ID)
        else:
            enter_user_namespace(namespaces, os.geteuid(), os.getegid())
            self.change_root()
        check(libc.sethostname(HOST_NAME, len(HOST_NAME)), "sethostname")
        unshare(CLONE_NEWPID, "pid namespace")

    def change_root(self):
        paths = [os.path.normpath(path) for path in self.config.get("read_only_paths", ())]
        self.late_binds = [path for path in paths if path.startswith("/tmp/")]
        build_root([path for path in paths if path not in self.late_binds], self.network)
        self.keep_late_binds()
        enter_root(self.config.get("extra_files", {}))

    def keep_late_binds(self):
        """Folders below /tmp are hidden by each task's own /tmp: kept aside, to be shown again in it."""
        self.late_binds = [path for path in self.late_binds if os.path.isdir(OLD + path)]
        for number, path in enumerate(self.late_binds):
            kept = NEW + KEPT % number
            os.makedirs(kept)
            mount(os.path.realpath(OLD + path), kept, None, MS_BIND | MS_REC)
            make_read_only(kept)

    def begin(self):
        """As pid 1 of the namespace that isolate made."""
        mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
        if not self.network:
            loopback_up()
        self.watch_queues()
        self.pid_namespace = os.open("/proc/self/ns/pid", os.O_RDONLY)
        prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)  # a task must not look into the agent's memory, which init shares
        self.seccomp, self.instructions = make_seccomp_filter()
        self.pause = ctypes.cast(libc.pause, ctypes.c_void_p)
        self.init_stack = ctypes.create_string_buffer(INIT_STACK)
        top = ctypes.addressof(self.init_stack) + INIT_STACK - STACK_MARGIN
        self.init_stack_top = ctypes.c_void_p(top & -STACK_ALIGNMENT)

    def make_disk(self, size_mb):
        """One tmpfs of the task's own, seen as its working directory, /tmp and /dev/shm: one limit for all it writes."""
        mount("executor", LAID_ASIDE, "tmpfs", MS_NOSUID | MS_NODEV,
              "mode=755,size=%dm,nr_inodes=%d" % (size_mb, INODES + size_mb * INODES_PER_MEBIBYTE))
        for name, target in (("work", self.work), ("tmp", "/tmp"), ("shm", "/dev/shm")):
            part = "%s/%s" % (LAID_ASIDE, name)
            os.mkdir(part)
            mount(part, target, None, MS_BIND)
        unmount(LAID_ASIDE)
        os.chmod("/tmp", ANY_MODE)
        os.chmod("/dev/shm", ANY_MODE)
        for number, path in enumerate(self.late_binds):
            os.makedirs(path)
            mount(KEPT % number, path, None, MS_BIND | MS_REC)

    def drop_disk(self):
        for path in reversed(self.late_binds):
            unmount(path)
        for target in (self.work, "/tmp", "/dev/shm"):
            unmount(target)

    def spawn_init(self):
        """A process that is pid 1 of a new pid namespace, where the agent's next child will live too. What is orphaned to it the kernel reaps."""
        check(libc.setns(self.pid_namespace, CLONE_NEWPID), "setns")
        unshare(CLONE_NEWPID, "pid namespace")
        return self.fork_init() if self.company else self.clone_init()

    def clone_init(self):
        """It shares the agent's memory, files and, with others like it, a stack: none of them ever returns from its sleep.

        It has to find SIGCHLD ignored, so for a moment the agent ignores it, and must have no child that could end meanwhile.
        """
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        try:
            return check(libc.clone(self.pause, self.init_stack_top, CLONE_VM | CLONE_FILES | signal.SIGCHLD, None), "clone")
        finally:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)

    def fork_init(self):
        """While tasks run: it costs a copy of the agent, and ignores SIGCHLD by itself."""
        pid = os.fork()
        if pid == 0:
            try:
                signal.signal(signal.SIGCHLD, signal.SIG_IGN)
                close_all(0)
                while True:
                    signal.pause()
            finally:
                os._exit(0)
        return pid

    def kill(self, task):
        try:
            os.kill(task.init, signal.SIGKILL)
        except ProcessLookupError:
            pass

    def processes(self, task):
        if self.is_alone(task):
            return [int(name) for name in os.listdir("/proc") if name.isdigit() and name != "1" and int(name) != task.init]
        return [task.pid] + descendants(task.pid) + descendants(task.init)

    def enter(self):
        joined = self.open_user_namespace()
        check(libc.unshare(CLONE_NEWNS), "unshare")
        mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
        mount_terminals()
        if joined is None:
            enter_user_namespace(0, TASK_UID, TASK_UID)
        else:
            check(libc.setns(joined, CLONE_NEWUSER), "setns")
            os.close(joined)
        drop_capabilities()

    def open_user_namespace(self):
        """That of a task that runs already: the kernel counts the processes of both together. None: there is none."""
        own = os.stat("/proc/self/ns/user").st_ino if self.company else None
        for task in self.company:
            patience = time.monotonic() + ENTER_SECONDS
            while time.monotonic() < patience:
                try:
                    fd = os.open("/proc/%d/ns/user" % task.pid, os.O_RDONLY | os.O_CLOEXEC)
                except OSError:
                    break  # it has ended
                if os.fstat(fd).st_ino != own:
                    return fd
                os.close(fd)
                time.sleep(LOOK_SECONDS)
        return None

    def filter_calls(self):
        check(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(self.seccomp), 0, 0), "seccomp")

    def watch_queues(self):
        """Keeps a view of the POSIX message queues there are, without leaving it mounted for tasks to write to."""
        is_mounted = True
        try:
            mount("mqueue", LAID_ASIDE, "mqueue", MS_NOSUID | MS_NODEV | MS_NOEXEC)
        except OSError as error:
            if error.errno != errno.ENODEV:
                raise
            is_mounted = False  # a kernel without them: an empty folder
        self.queues = os.open(LAID_ASIDE, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        if is_mounted:
            unmount(LAID_ASIDE)

    def renew(self):
        """What outlived its processes (sockets, shared memory, queues) must not meet the next task: it then gets new namespaces."""
        if os.listdir(self.queues) or any(read_file("/proc/sysvipc/" + kind).count(b"\n") > 1 for kind in ("shm", "sem", "msg")):
            os.close(self.queues)
            unshare(CLONE_NEWIPC, "IPC namespace")
            self.watch_queues()
        if not self.network and has_sockets(read_file("/proc/self/net/sockstat")):
            unshare(CLONE_NEWNET, "network namespace")
            loopback_up()


def has_sockets(counts):
    """Whether the network namespace holds any, by the kernel's account: `sockets: used 0 TCP: inuse 0 orphan 0 tw 0 …`."""
    words = counts.split()
    return words[2] != b"0" or words[words.index(b"tw") + 1] != b"0"


def mount_terminals():
    """An instance of devpts that no other task sees; without one, which a kernel may be built without, there are no terminals."""
    try:
        mount("devpts", "/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666,mode=0620,max=%d" % TERMINALS)
    except OSError as error:
        if error.errno not in (errno.ENODEV, errno.EPERM, errno.EINVAL):
            raise
