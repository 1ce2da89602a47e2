"""The agent: builds the sandbox and runs processes in it, one at a time, for whoever speaks its protocol on stdin and stdout.

docs/agent-protocol.md describes the frames, docs/sandbox.md what is isolated and how. One file and the standard library
only, Python 3.8 or newer, so that it can be sent to any host that has an interpreter.

Processes, outermost first:

  outer   what was started: owns the cgroup, waits, and dies with its parent.
  agent   pid 1 of its own pid namespace, so whatever lives below it dies with it. Unprivileged on the host. Never runs user code.
  init    pid 1 of one task's pid namespace. Shares the agent's memory and sleeps in pause(2): it costs no copy of an
          interpreter, and killing it makes the kernel kill every process of the task.
  task    forked from the agent ahead of need, waiting behind a pipe for what to run.

In a container (`"container": true`) the container is the sandbox: the agent is its pid 1, forks tasks and nothing else, serves one
workspace and ends, and the container with it.

In a folder (`"folder": PATH`), for hosts that allow no namespaces, tasks are processes of the host with limits: the agent is who
orphans below it are given to, so that it can end what a task leaves; the outer process is, too, should the agent be killed.
"""

import _io
import _signal as signal  # the public module imports enum, functools and collections: a fifth of the start-up time
import _thread
import _warnings
import atexit
import ctypes
import errno
import fcntl
import gc
import os
import resource
import select
import stat
import struct
import sys
import time
from _operator import methodcaller
from _weakref import ref as Reference

PROTOCOL = 1
WORK = "/work"
TASK_UID = 1000          # as the task sees itself
UNPRIVILEGED_ID = 65534  # as the host sees it, when the host side is root
INODES_PER_MB = 512      # of the task's disk: a file costs the kernel about 1 KiB that no size limit counts

# --- Linux, as far as the standard library lacks it -----------------------------------------------------------------

CLONE_VM, CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x100, 0x20000, 0x4000000, 0x8000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
CLONE_NEW_ANY = 0x7E020080
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_BIND, MS_REC, MS_PRIVATE = 1, 2, 4, 8, 4096, 16384, 1 << 18
MNT_DETACH = 2
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 1, 4, 22, 36, 38
SECCOMP_MODE_FILTER = 2

MACHINE = os.uname().machine
SYS = {
    "x86_64": {"pivot_root": 155, "capset": 126, "mount_setattr": 442, "pidfd_open": 434, "close_range": 436},
    "aarch64": {"pivot_root": 41, "capset": 91, "mount_setattr": 442, "pidfd_open": 434, "close_range": 436},
}.get(MACHINE)

libc = ctypes.CDLL(None, use_errno=True)
python = ctypes.PyDLL(None)
libc.clone.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p]
libc.syscall.restype = ctypes.c_long
libc.fopen.restype = ctypes.c_void_p
for _name in ("mount", "umount2", "unshare", "setns", "prctl", "fflush", "fopen", "pause", "prlimit"):
    getattr(libc, _name)  # looked up once, here, and not by every forked child


def count_collections():
    """How often what is new was looked at, and what has outlived that, which then becomes old."""
    return [generation["collections"] for generation in gc.get_stats()[:2]]


# As an interpreter's start leaves it: the bootstrap has turned collections off.
MIDDLE_COUNT, MIDDLE_COLLECTIONS = gc.get_count()[1], count_collections()[1]


class SetupError(Exception):
    """The sandbox can't be built here; the message says why and, where known, what to do."""


def check(result, what):
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, "%s: %s" % (what, os.strerror(number)))
    return result


def syscall(name, *args):
    return check(libc.syscall(ctypes.c_long(SYS[name]), *args), name)


def mount(source, target, kind=None, flags=0, data=None):
    check(libc.mount(os.fsencode(source), os.fsencode(target), kind and kind.encode(), ctypes.c_ulong(flags),
                     data and data.encode()), "mount " + target)


def unmount(target):
    check(libc.umount2(os.fsencode(target), MNT_DETACH), "umount " + target)


def make_read_only(target):
    """Read-only, no set-user-id, no devices, for the mount and everything mounted below it."""
    attributes = struct.pack("=QQQQ", MS_RDONLY | MS_NOSUID | MS_NODEV, 0, 0, 0)
    syscall("mount_setattr", ctypes.c_int(-100), os.fsencode(target), ctypes.c_uint(0x8000), attributes, ctypes.c_size_t(32))


def write_file(path, text):
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        os.write(fd, text.encode())
    finally:
        os.close(fd)


def read_file(path):
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return read_all(fd)
    finally:
        os.close(fd)


def read_all(fd):
    pieces = []
    while True:
        piece = os.read(fd, 1 << 16)
        if not piece:
            return b"".join(pieces)
        pieces.append(piece)


def write_all(fd, data):
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view):]


def pack_seccomp_filter():
    """A BPF program: allow, but refuse what only an attack or an administrator needs (docs/sandbox.md lists it)."""
    load, jump_always, jump_equal, jump_above, jump_set, and_, ret = 0x20, 0x05, 0x15, 0x25, 0x45, 0x54, 0x06
    allow, kill = 0x7FFF0000, 0x80000000
    fail = lambda number: 0x00050000 | number  # noqa: E731
    nr, arch, arg0, arg1 = 0, 4, 16, 24
    program = []

    def emit(code, value, if_true=0, if_false=0):
        program.append(struct.pack("=HBBI", code, if_true, if_false, value))

    x86 = MACHINE == "x86_64"
    names = SECCOMP_X86_64 if x86 else SECCOMP_AARCH64
    emit(load, arch)
    emit(jump_equal, 0xC000003E if x86 else 0xC00000B7, 1, 0)
    emit(ret, kill)
    emit(load, nr)
    emit(jump_above, SECCOMP_NEWEST, 0, 1)           # newer than this list, or the x32 ABI
    emit(ret, fail(errno.ENOSYS))
    emit(jump_equal, names["clone3"], 0, 1)          # its flags are behind a pointer; the C library falls back to clone
    emit(ret, fail(errno.ENOSYS))
    refused = names["refused"]
    for index, number in enumerate(refused):
        emit(jump_equal, number, len(refused) - index, 0)  # to the refusal behind the list
    emit(jump_always, 1)
    emit(ret, fail(errno.EPERM))
    emit(jump_equal, names["clone"], 0, 4)
    emit(load, arg0)
    emit(jump_set, CLONE_NEW_ANY, 0, 1)
    emit(ret, fail(errno.EPERM))
    emit(ret, allow)
    emit(jump_equal, names["ioctl"], 0, 5)
    emit(load, arg1)
    emit(jump_equal, 0x5412, 1, 0)                   # TIOCSTI
    emit(jump_equal, 0x541C, 0, 1)                   # TIOCLINUX
    emit(ret, fail(errno.EPERM))
    emit(ret, allow)
    emit(jump_equal, names["personality"], 0, 5)
    emit(load, arg0)
    emit(jump_equal, 0, 2, 0)
    emit(jump_equal, 0xFFFFFFFF, 1, 0)
    emit(ret, fail(errno.EPERM))
    emit(ret, allow)
    emit(jump_equal, names["socket"], 1, 0)
    emit(jump_equal, names["socketpair"], 0, 11)
    emit(load, arg0)
    emit(jump_equal, 1, 8, 0)                        # AF_UNIX
    emit(jump_equal, 16, 7, 0)                       # AF_NETLINK: the C library asks it for addresses
    emit(jump_equal, 2, 2, 0)                        # AF_INET
    emit(jump_equal, 10, 1, 0)                       # AF_INET6
    emit(ret, fail(errno.EAFNOSUPPORT))
    emit(load, arg1)
    emit(and_, 0xF)
    emit(jump_equal, 3, 0, 1)                        # SOCK_RAW
    emit(ret, fail(errno.EPERM))
    emit(ret, allow)
    emit(ret, allow)
    return b"".join(program)


SECCOMP_NEWEST = 470
# Numbers of the x86-64 and the generic (aarch64) system call tables. Above 423 both tables agree.
SECCOMP_BOTH = [425, 426, 427,                       # io_uring
                428, 429, 430, 431, 432, 433, 442,   # the new mount API
                438, 440, 443, 447, 457, 458]        # pidfd_getfd, process_madvise, quotactl_fd, memfd_secret, statmount, listmount
SECCOMP_X86_64 = {
    "clone": 56, "clone3": 435, "ioctl": 16, "personality": 135, "socket": 41, "socketpair": 53,
    "refused": SECCOMP_BOTH + [
        165, 166, 155, 161,                          # mount, umount2, pivot_root, chroot
        101, 310, 311, 312,                          # ptrace, process_vm_readv, process_vm_writev, kcmp
        272, 308,                                    # unshare, setns
        248, 249, 250,                               # add_key, request_key, keyctl
        321, 298, 323, 300,                          # bpf, perf_event_open, userfaultfd, fanotify_init
        303, 304,                                    # name_to_handle_at, open_by_handle_at
        175, 313, 176, 174, 177, 178,                # modules
        246, 320, 169, 167, 168,                     # kexec, reboot, swap
        164, 227, 159, 305, 170, 171,                # clocks, host name
        163, 179, 180, 212, 103, 153,                # acct, quotactl, nfsservctl, lookup_dcookie, syslog, vhangup
        154, 172, 173, 134, 156, 279, 256],          # modify_ldt, iopl, ioperm, uselib, _sysctl, move_pages, migrate_pages
}
SECCOMP_AARCH64 = {
    "clone": 220, "clone3": 435, "ioctl": 29, "personality": 92, "socket": 198, "socketpair": 199,
    "refused": SECCOMP_BOTH + [
        40, 39, 41, 51, 117, 270, 271, 272, 97, 268, 217, 218, 219, 280, 241, 282, 262, 264, 265,
        105, 273, 106, 104, 294, 142, 224, 225, 170, 112, 171, 266, 161, 162, 89, 60, 42, 18, 116, 58, 239, 238],
}


# --- JSON -----------------------------------------------------------------------------------------------------------

class ScannerSettings:
    """What json.JSONDecoder hands to the interpreter's own scanner."""

    strict, object_hook, object_pairs_hook, parse_float, parse_int, memo = True, None, None, float, int, {}

    @staticmethod
    def parse_constant(name):
        raise ValueError("not JSON: " + name)


try:
    # What json itself is made of, without the regular expressions that it imports: half of the start-up time.
    from _json import encode_basestring_ascii, make_scanner

    scan = make_scanner(ScannerSettings)

    def parse_json(data):
        try:
            return scan(data.decode(), 0)[0]
        except StopIteration:
            raise ValueError("not JSON") from None

    def write_json(value):
        if isinstance(value, str):
            return encode_basestring_ascii(value)
        if isinstance(value, dict):
            return "{%s}" % ",".join("%s:%s" % (encode_basestring_ascii(key), write_json(item)) for key, item in value.items())
        if isinstance(value, list):
            return "[%s]" % ",".join(map(write_json, value))
        return {None: "null", True: "true", False: "false"}[value] if value is None or isinstance(value, bool) else repr(value)
except ImportError:  # an interpreter without them
    from json import dumps as write_json, loads as parse_json


# --- frames ---------------------------------------------------------------------------------------------------------

class Channel:
    """Frames over two file descriptors: two big-endian lengths, a JSON object, raw bytes."""

    HEAD = struct.Struct(">II")
    MAX_JSON, MAX_DATA, UNSENT = 64 << 20, 1 << 20, 1 << 16

    def __init__(self, read_fd, write_fd):
        self.read_fd, self.write_fd = read_fd, write_fd
        self.buffer = bytearray()
        self.unsent = bytearray()
        self.head = b""  # the last frame's JSON as it came
        self.silence = 0  # seconds without a word after which the other side is taken for gone

    def send(self, message, data=b""):
        self.add(message, data)
        self.flush()

    def add(self, message, data=b""):
        """Like send, but the frame may wait for the next one to share its write."""
        head = write_json(message).encode()
        self.unsent += self.HEAD.pack(len(head), len(data)) + head + data
        if len(self.unsent) > self.UNSENT:
            self.flush()

    def flush(self):
        write_all(self.write_fd, self.unsent)
        self.unsent = bytearray()

    def fill(self):
        """Reads what is there (blocks if nothing is); False at end of file."""
        if self.silence:
            signal.alarm(self.silence)
        piece = os.read(self.read_fd, 1 << 18)
        self.buffer += piece
        return bool(piece)

    def take(self):
        """The next whole frame, else None."""
        if len(self.buffer) < 8:
            return None
        head, data = self.HEAD.unpack_from(self.buffer)
        if head > self.MAX_JSON or data > self.MAX_DATA:
            raise ValueError("frame of %d + %d bytes" % (head, data))
        if len(self.buffer) < 8 + head + data:
            return None
        self.head = bytes(self.buffer[8:8 + head])
        message = parse_json(self.head)
        payload = bytes(self.buffer[8 + head:8 + head + data])
        del self.buffer[:8 + head + data]
        return message, payload

    def receive(self):
        while True:
            frame = self.take()
            if frame is not None:
                return frame
            if not self.fill():
                return None, b""


# --- cgroup ---------------------------------------------------------------------------------------------------------

class MemoryCgroup:
    """A memory cgroup of our own, v1 or v2, in which the agent and its tasks live; all its files are opened while we are root."""

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
        """Where to try: (version, folder), our own group first."""
        own = {}
        for line in read_file("/proc/self/cgroup").decode().splitlines():
            _, controllers, path = line.split(":", 2)
            own.update((name, path) for name in controllers.split(","))
        for line in read_file("/proc/self/mountinfo").decode().splitlines():
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
        self.baseline = int(os.pread(self.usage, 64, 0))
        self.ooms = self.oom_count()
        total = b"%d" % (self.baseline + limit)
        os.pwrite(self.limit, total, 0)
        if self.swap is not None:
            os.pwrite(self.swap, total, 0)
        if self.peak is not None:
            os.pwrite(self.peak, b"0", 0)

    def end(self):
        """(peak in bytes or None, whether the kernel killed for memory); lifts the limit again."""
        peak = None if self.peak is None else max(0, int(os.pread(self.peak, 64, 0)) - self.baseline)
        killed = self.oom_count() > self.ooms
        if self.swap is not None:
            os.pwrite(self.swap, b"%d" % self.UNLIMITED, 0)
        os.pwrite(self.limit, b"%d" % self.UNLIMITED, 0)
        return peak, killed

    def oom_count(self):
        for line in os.pread(self.events, 4096, 0).splitlines():
            if line.startswith(b"oom_kill "):
                return int(line.split()[1])
        return 0


class ContainerMemory:
    """The memory cgroup of the container that the agent is in, v1 or v2, as far as it can be read from inside. The engine set its limit."""

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
        return 0 if fd is None else int(os.pread(fd, 64, 0))

    def begin(self, _):
        self.baseline = self.number(self.usage)
        self.ooms = self.oom_count()

    def end(self):
        # The peak is the container's, of which only one task is ever a part.
        return max(0, self.number(self.peak) - self.baseline) or None, self.oom_count() > self.ooms

    def oom_count(self):
        return 0 if self.events is None else MemoryCgroup.oom_count(self)


# --- the root the tasks see -----------------------------------------------------------------------------------------

SYSTEM = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"]
ETC = ["ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives", "ssl/certs", "ssl/openssl.cnf", "ca-certificates",
       "ca-certificates.conf", "localtime", "timezone", "nsswitch.conf", "protocols", "services", "mime.types", "fonts",
       "perl", "php", "dotnet", "R", "magic", "matplotlibrc"]
ETC_PREFIXES = ("java-", "python3")
DEVICES = ["null", "zero", "full", "random", "urandom", "tty"]  # the last is whatever terminal its opener has, which is none of the host's
TERMINALS = 64  # of a task's own


def build_root(read_only_paths, network):
    """Replaces the root by one that holds the system, read-only, and what was named; nothing else of the host's."""
    mount("none", "/", None, MS_REC | MS_PRIVATE)
    mount("executor", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, "mode=755,size=16m")
    os.mkdir("/tmp/old")
    os.mkdir("/tmp/new")
    os.chdir("/tmp")
    syscall("pivot_root", b".", b"old")
    os.chdir("/")
    mount("executor", "/new", "tmpfs", MS_NOSUID | MS_NODEV, "mode=755,size=4m")

    for path in SYSTEM:
        old = "/old" + path
        if os.path.islink(old):
            os.symlink(os.readlink(old), "/new" + path)
        elif os.path.isdir(old):
            bind(path)
    etc = ETC + [name for name in os.listdir("/old/etc") if name.startswith(ETC_PREFIXES)]
    if network:
        etc += ["resolv.conf", "hosts", "host.conf", "gai.conf"]
    for name in etc:
        bind("/etc/" + name)
    for path in read_only_paths:
        bind(path)
    os.makedirs("/new/etc", exist_ok=True)
    write_file("/new/etc/passwd", "root:x:0:0:root:/root:/bin/sh\nexecutor:x:1000:1000:executor:/tmp:/bin/sh\n"
                                  "nobody:x:65534:65534:nobody:/:/bin/sh\n")
    write_file("/new/etc/group", "root:x:0:\nexecutor:x:1000:\nnogroup:x:65534:\n")
    if not os.path.exists("/new/etc/hosts"):
        write_file("/new/etc/hosts", "127.0.0.1 localhost executor\n::1 localhost\n")

    for name in ("dev/shm", "dev/pts", "proc", "tmp", "work", "mnt", "run", "var"):
        os.makedirs("/new/" + name, exist_ok=True)
    os.symlink("/tmp", "/new/var/tmp")
    os.symlink("pts/ptmx", "/new/dev/ptmx")
    for name in DEVICES:
        write_file("/new/dev/" + name, "")
        mount("/old/dev/" + name, "/new/dev/" + name, None, MS_BIND)
    for name, target in (("fd", "/proc/self/fd"), ("stdin", "fd/0"), ("stdout", "fd/1"), ("stderr", "fd/2")):
        os.symlink(target, "/new/dev/" + name)
    # The kernel lets a user namespace mount /proc only where a whole one is already visible; the agent's own covers this one.
    mount("/old/proc", "/new/proc", None, MS_BIND | MS_REC)


def bind(path):
    """Shows the host's path in the new root, read-only and at the same place; passes over what is not there."""
    old = os.path.realpath("/old" + path)
    if not old.startswith("/old/"):  # an absolute link, resolved against the wrong root
        old = os.path.realpath("/old" + old)
    if not os.path.lexists(old):
        return
    new = "/new" + path
    try:
        if os.path.isdir(old):
            os.makedirs(new, exist_ok=True)
        else:
            os.makedirs(os.path.dirname(new), exist_ok=True)
            write_file(new, "")
        mount(old, new, None, MS_BIND | MS_REC)
        make_read_only(new)
    except OSError as error:
        if error.errno not in (errno.EROFS, errno.ENOTDIR):  # already visible inside a folder bound before
            raise


def enter_root(extra):
    """The new root becomes the root; the host's tree is let go. Also lays out the files of our own."""
    for path, content in extra.items():
        os.makedirs(os.path.dirname("/new" + path), exist_ok=True)
        write_file("/new" + path, content)
    os.chdir("/new")
    syscall("pivot_root", b".", b"mnt")
    os.chdir("/")
    unmount("/mnt")
    check(libc.mount(None, b"/", None, ctypes.c_ulong(32 | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV), None), "remount /")


def enter_user_namespace(flags, uid, gid):
    """Becomes TASK_UID, with every capability, in a new user namespace where only that id exists; it is `uid` outside."""
    check(libc.unshare(CLONE_NEWUSER | flags), "user namespace")
    write_file("/proc/self/setgroups", "deny")
    write_file("/proc/self/uid_map", "%d %d 1" % (TASK_UID, uid))
    write_file("/proc/self/gid_map", "%d %d 1" % (TASK_UID, gid))


def loopback_up():
    fd = check(libc.socket(2, 2 | 0o2000000, 0), "socket")
    try:
        fcntl.ioctl(fd, 0x8914, struct.pack("16sh14x", b"lo", 0x1 | 0x40))  # SIOCSIFFLAGS, UP | RUNNING
    finally:
        os.close(fd)
    try:
        # A port that one task listened on is free for the next: no TIME_WAIT, which would cost a new namespace.
        write_file("/proc/sys/net/ipv4/tcp_max_tw_buckets", "0")
    except OSError:
        pass


# --- processes without a namespace to end them with -----------------------------------------------------------------

def children(pid):
    """Those of every thread; a kernel that lists them is a matter of its configuration, but few don't."""
    try:
        return [int(child) for thread in os.listdir("/proc/%d/task" % pid)
                for child in read_file("/proc/%d/task/%s/children" % (pid, thread)).split()]
    except OSError:
        return []


def state_of(pid):
    try:
        return read_file("/proc/%d/stat" % pid).rpartition(b")")[2].split()[0]
    except OSError:
        return b"X"


def is_dead(pid):
    return state_of(pid) in (b"Z", b"X")


def is_busy(pid):
    return state_of(pid) in (b"R", b"D")


def descendants(pid):
    """Every live process below one."""
    found, left = [], [pid]
    while left:
        for child in children(left.pop()):
            left.append(child)
            if not is_dead(child):
                found.append(child)
    return found


def end_descendants():
    """Ends every process below this one; they can't leave it, as orphans are given to it. Stopped first: they could fork on."""
    while True:
        below = descendants(os.getpid())
        if not below:
            return
        for number in (signal.SIGSTOP, signal.SIGKILL):
            for pid in below:
                try:
                    os.kill(pid, number)
                except ProcessLookupError:
                    pass
        time.sleep(0.0005)  # they end when they are next looked at by the kernel


# --- a task's process -----------------------------------------------------------------------------------------------

class Task:
    """A process forked ahead of need, in namespaces of its own, waiting behind a pipe for what to run."""

    def __init__(self, agent):
        self.agent = agent
        self.init = None if agent.bare else self.spawn_init()  # before the pipes: it must not hold an end of them
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
            return syscall("pidfd_open", ctypes.c_int(self.pid), ctypes.c_uint(0))
        except (OSError, TypeError):
            if not self.agent.bare:
                raise
            return -1  # the engine's filter does not know it: the end is then looked for now and then

    def spawn_init(self):
        """A process that is pid 1 of a new pid namespace, where the agent's next child will live too."""
        check(libc.setns(self.agent.pid_namespace, CLONE_NEWPID), "setns")
        check(libc.unshare(CLONE_NEWPID), "pid namespace")
        # Ignored while init is cloned, and only then: what is orphaned to it is then reaped by the kernel.
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        try:
            return check(libc.clone(self.agent.pause, self.agent.init_stack_top, CLONE_VM | signal.SIGCHLD, None), "clone")
        finally:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)

    def kill(self):
        if self.agent.folder:
            end_descendants()
            return
        try:
            os.kill(self.init or -1, signal.SIGKILL)  # -1: everything in the container but its pid 1
        except ProcessLookupError:
            pass

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

    def processes(self):
        """The task's, as numbers."""
        if self.agent.folder:
            return descendants(os.getpid())
        return [int(name) for name in os.listdir("/proc") if name.isdigit() and name != "1" and int(name) != self.init]

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

    def close(self):
        for fd in (self.control, self.status, self.stdin, self.stdout, self.stderr, self.pidfd):
            if fd >= 0:
                os.close(fd)

    def close_stdin(self):
        if self.stdin >= 0:
            os.close(self.stdin)
            self.stdin = -1


class InTask(BaseException):
    """Raised in a forked child, to leave every frame of the agent before anything else happens."""

    def __init__(self, control, status):
        super().__init__()
        self.control, self.status = control, status


def become_task(agent, control, status):
    """Runs in the child: isolate, wait for what to run, limit, run. Returns what to run in this interpreter, or never."""
    try:
        control = fcntl.fcntl(control, fcntl.F_DUPFD_CLOEXEC, HIGH_FD)
        status = fcntl.fcntl(status, fcntl.F_DUPFD_CLOEXEC, HIGH_FD)
        close_all(3, control - 1)
        close_all(max(control, status) + 1)
        os.setsid()
        libc.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)
        if agent.channel.silence:
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
        if agent.bare:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        else:
            check(libc.unshare(CLONE_NEWNS), "unshare")
            mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
            mount_terminals()
            enter_user_namespace(0, TASK_UID, TASK_UID)
            drop_capabilities()
        write_file("/proc/self/oom_score_adj", "1000")
        if agent.prestart:
            os.dup2(control, 3)
            os.close(control)
            os.chdir(WORK)
            restrict(agent, PRESTART_LIMITS)
            execute(agent.prestart, agent.prestart_env)
        spec = read_all(control)
        os.close(control)
        if not spec:
            os._exit(0)  # discarded unused
        spec = parse_json(spec)
        if not spec["input"]:
            null = os.open("/dev/null", os.O_RDONLY)
            os.dup2(null, 0)
            os.close(null)
        if spec.get("merge"):
            os.dup2(1, 2)
        os.chdir(os.path.join(WORK, spec["cwd"]))
        restrict(agent, spec["limits"])
        if spec["warm"]:
            os.close(status)
            return spec
        execute_as_default(spec["argv"], spec["env"])
    except OSError as error:
        where = "" if error.filename is None else "%s: " % os.fsdecode(error.filename)
        os.write(status, (where + (error.strerror or str(error))).encode("utf-8", "replace"))
    except BaseException as error:  # noqa: B902
        os.write(status, ("%s: %s" % (type(error).__name__, error)).encode("utf-8", "replace"))
    os._exit(127)


HIGH_FD = 200


def mount_terminals():
    """An instance of devpts that no other task sees; without one, which a kernel may be built without, there are no terminals."""
    try:
        mount("devpts", "/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666,mode=0620,max=%d" % TERMINALS)
    except OSError as error:
        if error.errno not in (errno.ENODEV, errno.EPERM, errno.EINVAL):
            raise


def close_all(first, last=0xFFFFFFFF):
    try:
        syscall("close_range", ctypes.c_uint(first), ctypes.c_uint(last), ctypes.c_uint(0))
    except (OSError, TypeError):  # a container engine's filter, or a kernel, that does not know it
        os.closerange(first, min(last, resource.getrlimit(resource.RLIMIT_NOFILE)[0], 1 << 16) + 1)


PRESTART_LIMITS = {"open_files": 1 << 16, "pids": 1 << 15}


def execute_as_default(argv, env):
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)  # the interpreter ignores them; others expect the default
    execute(argv, env)


def execute(argv, env):
    program = argv[0]
    if "/" in program:
        candidates = [program]
    else:
        candidates = [os.path.join(folder, program) for folder in env.get("PATH", os.defpath).split(":")]
    problem = None
    for candidate in candidates:
        try:
            os.execve(candidate, argv, env)
        except (FileNotFoundError, NotADirectoryError) as error:
            problem = problem or OSError(error.errno, "not found", program)
        except PermissionError as error:
            problem = OSError(error.errno, "not executable", program)
        except OSError as error:
            problem = OSError(error.errno, error.strerror, program)
            if error.errno == errno.ENOEXEC:
                problem = OSError(error.errno, "not a program this machine can run, and it has no #! line", program)
                break
    raise problem


def drop_capabilities():
    check(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")
    header = struct.pack("=Ii", 0x20080522, 0)
    syscall("capset", header, bytes(24))


def set_limit(kind, value):
    _, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        value = hard if value == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (value, value))


def stack_bytes(agent, limits):
    """Threads get stacks of the size of the main one's limit, unless there is none: then they get 2 MiB. Where a stack may be as large as
    the memory, and no cgroup but RLIMIT_DATA counts what is only reserved, that's the better choice: the watch over memory ends it."""
    if not agent.cgroup and limits["stack_mb"] >= limits["memory_mb"]:
        return resource.RLIM_INFINITY
    # More than the machine has can't be mapped for a thread.
    return min(limits["stack_mb"] << 20, os.sysconf("SC_PHYS_PAGES") * resource.getpagesize() * 3 // 4)


def data_bytes(limits):
    return (limits["memory_mb"] + 4 * limits["stack_mb"]) << 20  # threads' stacks are data, too, used or not


def restrict(agent, limits):
    os.umask(0o022)
    set_limit(resource.RLIMIT_CORE, 0)
    if "stack_mb" in limits:
        set_limit(resource.RLIMIT_STACK, stack_bytes(agent, limits))
    if "cpu_time" in limits:
        seconds = max(1, int(-(-limits["cpu_time"] // 1)))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    if "file_size_mb" in limits:
        set_limit(resource.RLIMIT_FSIZE, limits["file_size_mb"] << 20)
    if "memory_mb" in limits and not agent.cgroup:
        set_limit(resource.RLIMIT_DATA, data_bytes(limits))
    set_limit(resource.RLIMIT_NOFILE, limits["open_files"])
    if agent.bare:
        return  # an engine has its own filter and counts its container's processes: the kernel would count all of the user's, as in a folder
    set_limit(resource.RLIMIT_NPROC, limits["pids"])
    check(libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(agent.seccomp), 0, 0), "seccomp")


# --- running a script in this interpreter ---------------------------------------------------------------------------
#
# The script is run, and the interpreter ended, by the C functions that `python FILE` consists of, so that whatever a script can see of its
# end is the interpreter's own. They are called where no frame of Python is and no object is being freed that others must wait for: when the
# bootstrap's code object goes, and the interpreter calls what its weak references ask for; first the script, then the exit code.

class Step(Reference):
    """A weak reference that makes a call of C when its referent goes. Of several of one referent the last made is the first to do so."""


def prepare_step(code, call, *args):
    step = Step(code, methodcaller("call", *args))
    step.call = call
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(step))  # nobody else would hold it for so long
    return step


def code_of_bootstrap():
    frame = sys._getframe()
    while frame.f_back is not None:
        frame = frame.f_back
    return frame.f_code


def depth_of_calls():
    """Of the thread's state: how deep it is until 3.10, how much deeper it may go in 3.11; None in versions that don't count calls of C."""
    if sys.version_info >= (3, 12):
        return None
    state = python["PyThreadState_Get"]
    state.restype = ctypes.c_void_p
    return ctypes.c_int.from_address(state() + 4 * struct.calcsize("P"))


class Launch:
    """What it takes to run a script, as far as it can be made ahead: a page that a child writes to, if only to count a reference, is a page
    that the kernel has to copy."""

    def __init__(self):
        for name in ("EXECUTOR_AGENT_DIR", "LD_BIND_NOW"):
            os.environ.pop(name, None)
        time.tzset()  # by the files of the root that we are in now
        self.depth = depth_of_calls()
        self.ending = Ending()
        self.look()
        self.failure = prepare_step(code_of_bootstrap(), python["Py_Exit"], 1)
        self.run = python["PyRun_SimpleFileExFlags"]
        self.run.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_void_p]
        self.run.restype = self.conclude

    def look(self):
        """Takes what there is for what a script starts from; again after modules were imported, which may change it."""
        self.env = list(os.environ.items())
        self.ending.filters = list(_warnings.filters)

    def conclude(self, status):
        """After a script that did not leave by SystemExit, which the interpreter acts upon itself, as it does upon an interrupt."""
        if status == 0:
            self.ending.code = 0
        elif getattr(sys, "last_type", None) is not KeyboardInterrupt:
            self.ending.code = 1
            return
        self.failure.call = int

    def expect_environment(self, env):
        """The next task's may have the order of this one's; what is in it is not kept."""
        if list(env.items()) != self.env and sorted(env.items()) == sorted(self.env):
            os.environ.clear()
            os.environ.update(env)
            self.env = list(env.items())

    def set_environment(self, env):
        if list(env.items()) != self.env:
            os.environ.clear()
            os.environ.update(env)
            time.tzset()

    def prepare(self, path):
        self.ending.begin()
        prepare_step(code_of_bootstrap(), self.run, libc.fopen(path, b"rbe"), path, 1, None)
        self.discount_calls(2)

    def discount_calls(self, number):
        """Those of C that the script is below shall not count towards the recursion limit."""
        if self.depth is not None:
            until_3_10 = sys.version_info < (3, 11)
            if 0 < (self.depth.value if until_3_10 else sys.getrecursionlimit() - self.depth.value) < 50:
                self.depth.value += -number if until_3_10 else number


def prepare_script(agent, spec):
    """Makes the interpreter look as if it had been started as `argv`, which runs when the bootstrap has ended."""
    argv = spec["argv"]
    agent.launch.set_environment(spec["env"])
    sys.orig_argv = list(argv)
    sys.argv[:] = argv[1:]
    absolute = os.path.abspath(argv[1])
    path = absolute if sys.version_info >= (3, 9) else argv[1]
    sys.path[:] = agent.import_path
    if agent.environment:
        enter_environment(agent.environment)
    sys.path.insert(0, os.path.dirname(absolute))
    sys.dont_write_bytecode = True
    try:
        special = b"\0" in read_file(path)
    except OSError:
        special = True
    if special:  # no script, an archive, or one that only the interpreter's own start can complain about rightly
        execute_as_default(argv, spec["env"])
    module = type(sys)("__main__")
    if sys.version_info < (3, 14):
        module.__annotations__ = {}
    module.__builtins__ = sys.modules["builtins"]
    sys.modules["__main__"] = module
    lines = sys.modules.get("linecache")
    if lines is not None:
        lines.cache.clear()  # some versions keep the bootstrap's there
    agent.launch.prepare(os.fsencode(path))
    gc.enable()


def enter_environment(folder):
    """Makes this interpreter the one of a virtual environment, as it makes itself when it starts. Its packages may bring code that
    runs right then: so not before the child is isolated, and never in the agent."""
    import site
    sys.executable = os.path.join(folder, "bin", "python")
    sys.prefix = sys.exec_prefix = folder
    site.PREFIXES[:] = [folder]
    site.main()


# An interpreter's end takes all modules apart, which here are shared memory that would first have to be copied: more time than a small
# script runs for. Nobody can see it where nothing is left that does something at its end. After SystemExit the interpreter alone knows the exit
# code, so that it has to end itself, though without taking modules apart.

HARMLESS = {"_asyncio", "_bisect", "_blake2", "_contextvars", "_csv", "_datetime", "_decimal", "_hashlib", "_heapq", "_json", "_md5", "_opcode",
            "_pickle", "_posixsubprocess", "_queue", "_random", "_sha1", "_sha2", "_sha256", "_sha3", "_sha512", "_statistics", "_struct",
            "_typing", "_zoneinfo", "array", "binascii", "cmath", "fcntl", "grp", "math", "select", "termios", "unicodedata", "zlib"}


HAVE_GC = 1 << 14
BUFFERED = (_io.BufferedWriter, _io.BufferedRandom, _io.BufferedReader)
IN_MEMORY = (_io.BytesIO, _io.StringIO)
FILES = (_io.TextIOWrapper, *BUFFERED, _io.FileIO, *IN_MEMORY)  # outermost first
PAGE = resource.getpagesize()


def count_references(items):
    return [sys.getrefcount(item) for item in items]


class Ending:
    """Has the modules taken apart only where that can be seen."""

    def __init__(self):
        self.code = None  # of the process, where it is known
        self.filters = []
        self.streams = (sys.stdout, sys.stderr)
        atexit.register(self)

    def begin(self):
        self.collections = count_collections()
        self.latest = [self]  # by which it can be told whether the script has frozen its objects

    def __call__(self):
        """Last of what is registered for the interpreter's end: after the threads, with all that is left still in place."""
        objects = gc.get_objects()  # without those of before the script, which are frozen
        if not any(item is self.latest for item in objects):
            return  # the script has frozen its own, too
        if sys._getframe().f_back is not None or not self.is_unseen(objects):
            del objects
            new, middle = (now - then for now, then in zip(count_collections(), self.collections))
            young = MIDDLE_COLLECTIONS + middle == 0 and MIDDLE_COUNT + new <= gc.get_threshold()[1]
            self.__dict__.clear()
            gc.unfreeze()
            if young:
                # Where the interpreter's own objects have not become old, a collection meets the script's first.
                gc.freeze()
                gc.unfreeze()
            return
        if self.code is not None and self.flush():
            libc.fflush(None)
            os._exit(self.code)
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(dict(sys.modules)))
        sys.modules.clear()

    @staticmethod
    def flush():
        try:
            for stream in (sys.stdout, sys.stderr):
                if not stream.closed:
                    stream.flush()
            return True
        except (OSError, ValueError):
            return False  # the interpreter will say so

    def is_unseen(self, objects):
        if (_thread._count() or sys.gettrace() or sys.getprofile()
                or _warnings.filters != self.filters or (sys.stdout, sys.stderr) != self.streams):
            return False
        made = [kind for kind in objects if isinstance(kind, type)]
        names, bases = type.__dict__["__dict__"].__get__, type.__dict__["__mro__"].__get__
        # Of some classes the objects are not in the list.
        kinds = {*map(type, objects), *(kind for kind in made if not kind.__flags__ & HAVE_GC)}
        open_files = not kinds.isdisjoint(FILES)
        kinds.difference_update(FILES)
        if any("__del__" in names(base) for kind in kinds for base in bases(kind)):
            return False
        if any(ctypes._CFuncPtr in bases(kind) for kind in made):
            return False  # C may have been given what it calls at the end
        for item in objects:
            if isinstance(item, Reference) and self.tells(item) or isinstance(item, type(sys)) and self.is_foreign(item):
                return False
        return not open_files or self.flush_files(objects)

    @staticmethod
    def tells(reference):
        """Whether somebody of the script's is told when the referent goes. Collections that forget what is gone are told, too."""
        callback = reference.__callback__
        if callback is None or type(reference) is Step or type(callback) is type(len) and callback.__name__ == "_destroy":
            return False
        return type(callback) is not type(prepare_step) or callback.__module__ not in ("_weakrefset", "weakref", "logging")

    @staticmethod
    def is_foreign(module):
        """Whether it is a library, whose objects may do anything."""
        scope = type(sys).__dict__["__dict__"].__get__(module) or {}
        name, file = scope.get("__name__"), scope.get("__file__")
        return type(file) is str and file.endswith(".so") and not (type(name) is str and name in HARMLESS)

    @classmethod
    def flush_files(cls, objects):
        """What the end of an open file does that can be seen. False where it isn't certain that the order in which files are ended makes no
        difference, or where one can't be written: the interpreter will then do it, and say so."""
        try:
            files = [item for item in objects if type(item) in FILES and not item.closed]
            if not cls.are_plain(files) or not cls.are_independent(files):
                return False
            for kind in FILES:
                for item in files:
                    if type(item) is kind:
                        item.flush()
            return True
        except (OSError, ValueError, AttributeError):
            return False

    @staticmethod
    def are_plain(files):
        """Whether they and what is below them are the interpreter's own, and only the script's global names hold them: where a collection
        finds them, it depends on its order what becomes of their buffers."""
        main = sys.modules.get("__main__")
        if type(main) is not type(sys):
            return False
        scope = vars(main)
        probe, own = count_references([object()])[0], count_references([main, scope])
        # One for whom they belong to, a name here, and the list of all objects; any other may be a cycle.
        if own != [probe + 3, probe + 3]:
            return False
        holders = list(scope.values())
        for item in files:
            if "close" in vars(item) or "flush" in vars(item):
                return False
            if type(item) is _io.TextIOWrapper:
                holders.append(item.buffer)
                if type(item.buffer) in BUFFERED:
                    holders.append(item.buffer.raw)
            elif type(item) in BUFFERED:
                holders.append(item.raw)
        known, held = set(map(id, files)), list(map(id, holders))
        if any(id(item) not in known for item in holders if isinstance(item, _io._IOBase) and not item.closed):
            return False
        del holders, item
        # One is of the list of all objects.
        return all(count - probe - 1 == held.count(id(item)) for count, item in zip(count_references(files), files)
                   if type(item) not in IN_MEMORY)

    @staticmethod
    def are_independent(files):
        """Whether those that are written to are regular files, no two of them the same, and there is room for all that they may hold."""
        raw = [(item, os.fstat(item.fileno())) for item in files if type(item) is _io.FileIO]
        written = [(item, state) for item, state in raw if item.writable()]
        nodes = [(state.st_dev, state.st_ino) for state in [os.fstat(1), os.fstat(2)] + [state for _, state in raw]]
        if any(not stat.S_ISREG(state.st_mode) or nodes.count((state.st_dev, state.st_ino)) > 1 for _, state in written):
            return False
        if len(written) > 1:
            held = sum(item._CHUNK_SIZE if type(item) is _io.TextIOWrapper else sys.getsizeof(item) + PAGE for item in files)
            for item, _ in written:
                disk = os.fstatvfs(item.fileno())
                if disk.f_bavail * disk.f_frsize < held:
                    return False
        return True


# --- the agent ------------------------------------------------------------------------------------------------------

class Agent:
    def __init__(self, channel, config, cgroup):
        self.channel, self.config, self.cgroup = channel, config, cgroup
        self.container = config.get("container", False)
        self.folder = config.get("folder")
        self.bare = self.container or self.folder is not None  # without namespaces of our own
        self.network = config["network"]
        self.prestart = config.get("prestart")
        self.prestart_env = config.get("prestart_env", {})
        self.environment = config.get("environment")
        if self.environment:
            import site  # noqa: F401  loaded once, here, and not by every forked child; started with -S it does nothing by itself
        self.preload = list(config.get("preload", ()))
        self.late_binds = []
        self.task = None
        self.disk_mb = 0
        self.import_path = [path for path in sys.path if path]

    def isolate(self):
        """Leaves the host behind: a root with its system files only, no privilege outside, namespaces of our own."""
        if SYS is None:
            raise SetupError("the sandbox knows x86_64 and aarch64, this is " + MACHINE)
        namespaces = CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | (0 if self.network else CLONE_NEWNET)
        if os.geteuid() == 0:
            # As root: what only root may read can be shown too, and what then runs is nobody on the host.
            check(libc.unshare(CLONE_NEWNS), "mount namespace")
            self.change_root()
            os.setgroups([])
            os.setresgid(UNPRIVILEGED_ID, UNPRIVILEGED_ID, UNPRIVILEGED_ID)
            os.setresuid(UNPRIVILEGED_ID, UNPRIVILEGED_ID, UNPRIVILEGED_ID)
            libc.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)  # lost with the ids, and needed to write the maps
            enter_user_namespace(namespaces, UNPRIVILEGED_ID, UNPRIVILEGED_ID)
        else:
            enter_user_namespace(namespaces, os.geteuid(), os.getegid())
            self.change_root()
        check(libc.sethostname(b"executor", 8), "sethostname")
        check(libc.unshare(CLONE_NEWPID), "pid namespace")

    def change_root(self):
        paths = [os.path.normpath(path) for path in self.config.get("read_only_paths", ())]
        self.late_binds = [path for path in paths if path.startswith("/tmp/")]
        build_root([path for path in paths if path not in self.late_binds], self.network)
        self.keep_late_binds()
        enter_root(self.config.get("extra_files", {}))

    def begin(self):
        """As pid 1 of the namespace that isolate made."""
        mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
        if not self.network:
            loopback_up()
        self.watch_queues()
        self.pid_namespace = os.open("/proc/self/ns/pid", os.O_RDONLY)
        libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)  # a task must not look into the agent's memory, which init shares
        program = pack_seccomp_filter()
        self.seccomp_program = ctypes.create_string_buffer(program, len(program))
        self.seccomp = (ctypes.c_uint64 * 2)(len(program) // 8, ctypes.addressof(self.seccomp_program))
        self.pause = ctypes.cast(libc.pause, ctypes.c_void_p)
        self.init_stack = ctypes.create_string_buffer(16384)
        self.init_stack_top = ctypes.c_void_p((ctypes.addressof(self.init_stack) + 16384 - 64) & ~15)

    def begin_in_container(self):
        """As pid 1 of a container whose working directory and /tmp are its own and writable."""
        if os.getpid() != 1:
            raise SetupError("the agent must be pid 1 of its container (no --init, no shared pid namespace)")
        libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)  # a task, which is the same user, must not look into the agent
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # nor interrupt it; other signals don't reach a pid 1 that has no handler

    def begin_in_folder(self):
        """As a process of the host, below the one that ends what is left when this one is killed."""
        global WORK
        self.task_folder = os.path.join(self.folder, "task-%d" % os.getpid())
        WORK = os.path.join(self.task_folder, "work")
        for path, content in self.config.get("extra_files", {}).items():
            own = self.folder + path
            os.makedirs(os.path.dirname(own), exist_ok=True)
            write_file(own, content)
        if self.prestart:
            self.prestart = [self.folder + word if word in self.config["extra_files"] else word for word in self.prestart]
        libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    def in_folder(self, spec):
        """Where the environment names the host's temporary folder, as ours does by default, it shall be the task's own."""
        own = os.path.join(self.task_folder, "tmp")
        env = {name: own if value == "/tmp" and name in ("TMPDIR", "HOME") else value for name, value in spec["env"].items()}
        return dict(spec, env=env)

    def remove_task_folder(self):
        import shutil

        def retry(function, path, _):
            """What a task made read-only, it could remove; so can we."""
            try:
                os.chmod(os.path.dirname(path), 0o700)
                os.chmod(path, 0o700)
                function(path)
            except OSError:
                pass  # the host's administrator is the one to ask
        shutil.rmtree(self.task_folder, onerror=retry)

    def keep_late_binds(self):
        """Folders below /tmp are hidden by each task's own /tmp: kept aside, to be shown again in it."""
        self.late_binds = [path for path in self.late_binds if os.path.isdir("/old" + path)]
        for number, path in enumerate(self.late_binds):
            kept = "/new/run/executor/%d" % number
            os.makedirs(kept)
            mount(os.path.realpath("/old" + path), kept, None, MS_BIND | MS_REC)
            make_read_only(kept)

    def make_disk(self, size_mb):
        """One tmpfs of the task's own, seen as its working directory, /tmp and /dev/shm: one limit for all it writes."""
        if self.folder:
            for path in (self.task_folder, WORK, os.path.join(self.task_folder, "tmp")):
                os.mkdir(path, 0o700)
            return
        mount("executor", "/mnt", "tmpfs", MS_NOSUID | MS_NODEV,
              "mode=755,size=%dm,nr_inodes=%d" % (size_mb, 64 + size_mb * INODES_PER_MB))
        for name, target in (("work", WORK), ("tmp", "/tmp"), ("shm", "/dev/shm")):
            os.mkdir("/mnt/" + name)
            mount("/mnt/" + name, target, None, MS_BIND)
        unmount("/mnt")
        os.chmod("/tmp", 0o1777)
        os.chmod("/dev/shm", 0o1777)
        for number, path in enumerate(self.late_binds):
            os.makedirs(path)
            mount("/run/executor/%d" % number, path, None, MS_BIND | MS_REC)

    def drop_disk(self):
        if self.disk_mb and self.folder:
            self.remove_task_folder()
        elif self.disk_mb and not self.container:
            for path in reversed(self.late_binds):
                unmount(path)
            for target in (WORK, "/tmp", "/dev/shm"):
                unmount(target)
        self.disk_mb = 0

    def prepare(self, disk_mb):
        """A disk and a waiting process for the next task."""
        if self.disk_mb != disk_mb:
            self.discard()
            if not self.container:  # whose disk the engine made
                self.make_disk(disk_mb)
            self.disk_mb = disk_mb
        if self.task is None:
            self.task = Task(self)

    def discard(self):
        """Ends the task's processes and frees its disk, at once and for certain."""
        if self.task is not None:
            self.task.reap()
            self.task.close()
            self.task = None
        self.drop_disk()

    def watch_queues(self):
        """Keeps a view of the POSIX message queues there are, without leaving it mounted for tasks to write to."""
        try:
            mount("mqueue", "/mnt", "mqueue", MS_NOSUID | MS_NODEV | MS_NOEXEC)
        except OSError as error:
            if error.errno != errno.ENODEV:
                raise
            self.queues = os.open("/mnt", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)  # a kernel without them: an empty folder
            return
        self.queues = os.open("/mnt", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        unmount("/mnt")

    def refresh_namespaces(self):
        """What outlived its processes (sockets, shared memory, queues) must not meet the next task: it then gets new namespaces."""
        if os.listdir(self.queues) or any(read_file("/proc/sysvipc/" + kind).count(b"\n") > 1 for kind in ("shm", "sem", "msg")):
            os.close(self.queues)
            check(libc.unshare(CLONE_NEWIPC), "IPC namespace")
            self.watch_queues()
        if not self.network:
            counts = read_file("/proc/self/net/sockstat").split()
            if counts[2] != b"0" or counts[counts.index(b"tw") + 1] != b"0":
                check(libc.unshare(CLONE_NEWNET), "network namespace")
                loopback_up()

    def serve(self):
        self.launch = Launch()
        gc.collect()
        gc.freeze()
        gc.disable()
        self.prepare(self.config["disk_mb"])
        self.channel.send({"op": "ready", "protocol": PROTOCOL, "python": "%d.%d.%d" % sys.version_info[:3],
                           "executable": sys.executable, "cgroup": self.cgroup.path if self.cgroup else None})
        while True:
            message, data = self.channel.receive()
            if message is None:
                break
            operation = message["op"]
            if operation == "open":
                self.prepare(message["disk_mb"])
            elif operation == "put":
                self.put(message, data)
            elif operation == "start":
                self.run(message)
            elif operation == "get":
                Collector(self.channel, message["max_bytes"]).collect(message["patterns"])
            elif operation == "close":
                self.close()
            elif operation not in ("stdin", "stop", "memory", "ping"):  # the first three may arrive just after the process ended
                raise ValueError("unknown operation " + repr(operation))
        self.discard()

    def close(self):
        disk_mb = self.disk_mb or self.config["disk_mb"]
        self.discard()
        if self.container:
            self.channel.send({"op": "closed"})
            os._exit(0)  # the container goes, and with it every file
        if not self.folder:
            self.refresh_namespaces()
        self.channel.send({"op": "closed"})
        if self.preload:
            os.environ["OPENBLAS_NUM_THREADS"] = "1"  # no thread can be started here, which is about to fork into namespaces
            for name in self.preload:
                try:
                    __import__(name)
                except Exception:
                    pass  # a convenience only: a task that needs it gets the error itself
            del os.environ["OPENBLAS_NUM_THREADS"]
            self.launch.look()
            self.preload = []
            gc.collect()
            gc.freeze()
        self.prepare(disk_mb)

    def put(self, message, data):
        path = os.path.join(WORK, message["path"])
        flags = os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | (os.O_APPEND if message.get("append") else os.O_TRUNC)
        try:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            fd = os.open(path, flags, 0o755 if message.get("executable") else 0o644)
            try:
                write_all(fd, data)
            finally:
                os.close(fd)
        except OSError as error:
            problem = "the disk is full (limits.disk_mb is %d)" % self.disk_mb if error.errno == errno.ENOSPC else error.strerror
            self.channel.send({"op": "failed", "what": "put", "path": message["path"], "message": problem})

    def run(self, message):
        self.prepare(self.disk_mb)
        limits = message["limits"]
        task = self.task
        if self.cgroup:
            self.cgroup.begin(limits["memory_mb"] << 20)
        if self.prestart:
            limit_other(task.pid, limits, self)
        run = Run(self.channel, task, limits, self.cgroup, message.get("answers", False))
        try:
            write_all(task.control, write_json(self.in_folder(message)).encode() if self.folder else self.channel.head)
        except BrokenPipeError:
            pass  # it died while it waited; its status says why
        os.close(task.control)
        task.control = -1
        if not message["input"]:
            task.close_stdin()
        alive = run.pump()
        status, usage = task.reap()
        run.drain()
        problem = read_all(task.status).decode("utf-8", "replace")
        task.close()
        self.task = None
        self.channel.send(run.outcome(status, usage, problem))
        self.launch.expect_environment(message["env"])
        if not alive:
            self.discard()
            os._exit(0)


def limit_other(pid, limits, agent):
    """For a process that was started before its limits were known."""
    def apply(kind, soft, hard):
        check(libc.prlimit(pid, kind, struct.pack("=QQ", soft, hard), None), "prlimit")
    seconds = max(1, int(-(-limits["cpu_time"] // 1)))
    apply(resource.RLIMIT_CPU, seconds, seconds + 1)
    for kind, value in ((resource.RLIMIT_FSIZE, limits["file_size_mb"] << 20), (resource.RLIMIT_NOFILE, limits["open_files"])):
        apply(kind, value, value)
    stack = stack_bytes(agent, limits)
    _, hard = resource.prlimit(pid, resource.RLIMIT_STACK)
    if hard != resource.RLIM_INFINITY:
        stack = hard if stack == resource.RLIM_INFINITY else min(stack, hard)
    stack &= (1 << 64) - 1  # the infinite one is -1 to Python
    apply(resource.RLIMIT_STACK, stack, stack)
    if not agent.bare:
        apply(resource.RLIMIT_NPROC, limits["pids"], limits["pids"])
    if not agent.cgroup:
        apply(resource.RLIMIT_DATA, data_bytes(limits), data_bytes(limits))


class Run:
    """One process from start to end: its output out, its input in, its limits watched."""

    POLL_SECONDS = 0.025
    LONGEST_SECONDS = 3600  # what poll(2) can wait for has an end
    ORPHAN_SECONDS = 0.05  # where this process is who orphans are given to
    # A process that outlives the main one may still have to print what it was given (`exec > >(tee log)`): it is waited for until nothing
    # has the pipes open, until nothing has come for so long and all sleep, and no longer than this altogether.
    SILENCE_SECONDS, LINGER_SECONDS = 0.25, 2.0
    # Small pieces of output wait this long for one another: a print is two writes, and the end often follows at once.
    GATHER_SECONDS = 0.001
    GATHER_BYTES = 1 << 15

    def __init__(self, channel, task, limits, cgroup, answers):
        self.channel, self.task, self.limits, self.cgroup, self.answers = channel, task, limits, cgroup, answers
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
        self.watch_from = self.started + (limits["cpu_time"] / (os.cpu_count() or 1) if cgroup else 0)

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
            wait = self.POLL_SECONDS if now >= self.watch_from else min(self.watch_from - now + 0.001, self.LONGEST_SECONDS)
            held_back = self.gathered or channel.unsent
            if held_back:
                wait = self.GATHER_SECONDS
            if task.init is None or self.ended:
                wait = min(wait, self.ORPHAN_SECONDS)
            ready = poll.poll(wait * 1000)
            if task.init is None and not self.ended and task.has_ended():
                self.ended = self.heard = time.monotonic()
            if held_back and (not ready or now > self.gathered_since + 10 * self.GATHER_SECONDS):
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
        piece = os.read(fd, 1 << 16)
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
                self.channel.send({"op": "memory", "kills": self.cgroup.oom_count() - self.cgroup.ooms if self.cgroup else 0})
            elif message["op"] == "stop":
                self.stopped = True
                if message["mode"] == "kill":
                    self.task.kill()
                else:
                    try:
                        os.killpg(self.task.pid, signal.SIGTERM)
                    except OSError:
                        pass

    def feed(self):
        """Writes what the process will take of its input; False when its input is at an end."""
        try:
            written = os.write(self.task.stdin, self.pending[:1 << 16])
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
                fields = read_file("/proc/%d/stat" % pid).rpartition(b")")[2].split()
            except OSError:
                continue
            ticks += sum(int(field) for field in fields[11:15])
            pages += int(fields[21])
        self.peak = max(self.peak, pages * resource.getpagesize())
        left = self.limits["cpu_time"] - ticks / os.sysconf("SC_CLK_TCK")
        if self.cgroup and left > 0:
            self.watch_from = time.monotonic() + max(self.POLL_SECONDS, left / (os.cpu_count() or 1))
        if left < 0:
            self.cpu_exceeded = True
            self.task.kill()
        elif not self.cgroup and pages * resource.getpagesize() > self.limits["memory_mb"] << 20:
            self.memory_exceeded = True
            self.task.kill()

    def outcome(self, status, usage, problem):
        peak, killed_for_memory = self.cgroup.end() if self.cgroup else (None, False)
        cpu = usage.ru_utime + usage.ru_stime
        number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else None
        if number == signal.SIGXCPU or (number == signal.SIGKILL and cpu > self.limits["cpu_time"]):
            self.cpu_exceeded = True
        return {"op": "exit", "exit_code": 128 + number if number else os.WEXITSTATUS(status), "signal": number,
                "cpu_time": round(cpu, 6), "peak_memory": peak or max(self.peak, usage.ru_maxrss << 10),
                "oom_killed": self.memory_exceeded or killed_for_memory, "cpu_exceeded": self.cpu_exceeded,
                "start_error": problem or None}


class Collector:
    """Sends the regular files that match; follows no link, opens nothing that could block."""

    CHUNK = 1 << 18

    def __init__(self, channel, max_bytes):
        self.channel, self.left = channel, max_bytes
        self.skipped = []

    def collect(self, patterns):
        import re
        rules = [re.compile(translate(pattern)) for pattern in patterns]
        literal = all(not set("*?[") & set(pattern) for pattern in patterns)
        for path in patterns if literal else self.walk():
            if literal or any(rule.match(path) for rule in rules):
                self.send(path)
        self.channel.send({"op": "got", "skipped": self.skipped[:100], "skipped_count": len(self.skipped)})

    @staticmethod
    def walk():
        for folder, names, files in os.walk(WORK):
            names.sort()
            for name in sorted(files + [name for name in names if os.path.islink(os.path.join(folder, name))]):
                yield os.path.relpath(os.path.join(folder, name), WORK)

    def send(self, path):
        try:
            name = path.encode("utf-8").decode("utf-8")
        except UnicodeEncodeError:
            self.skipped.append("%s: its name is not UTF-8" % path.encode("utf-8", "replace").decode())
            return
        try:
            folder = os.open(WORK, os.O_RDONLY | os.O_DIRECTORY)
            parts = path.split("/")
            for part in parts[:-1]:
                inner = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
                os.close(folder)
                folder = inner
            kind = os.stat(parts[-1], dir_fd=folder, follow_symlinks=False).st_mode
            if not stat.S_ISREG(kind):
                os.close(folder)
                self.skipped.append("%s: not a regular file (links are not followed)" % name)
                return
            fd = os.open(parts[-1], os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
            os.close(folder)
        except FileNotFoundError:
            return
        except OSError as error:
            self.skipped.append("%s: %s" % (name, error.strerror))
            return
        with open(fd, "rb", buffering=0) as file:
            size = os.fstat(fd).st_size
            if size > self.left:
                self.skipped.append("%s: %d bytes are more than may still be returned" % (name, size))
                return
            self.left -= size
            while True:
                piece = file.read(self.CHUNK)
                self.channel.send({"op": "file", "path": name, "more": bool(piece)}, piece or b"")
                if not piece:
                    return


def translate(pattern):
    """A glob as a regular expression: `**/` any folders, `*` and `?` within a name, `[…]` a set."""
    import re
    out, i = "", 0
    while i < len(pattern):
        if pattern.startswith("**/", i):
            out, i = out + "(?:[^/]+/)*", i + 3
        elif pattern.startswith("**", i):
            out, i = out + ".*", i + 2
        elif pattern[i] == "*":
            out, i = out + "[^/]*", i + 1
        elif pattern[i] == "?":
            out, i = out + "[^/]", i + 1
        elif pattern[i] == "[" and "]" in pattern[i + 2:]:
            end = pattern.index("]", i + 2)
            chosen = pattern[i + 1:end].replace("\\", "\\\\").replace("[", "\\[")
            out, i = out + "[" + ("^" + chosen[1:] if chosen[0] in "!^" else chosen) + "]", end + 1
        else:
            out, i = out + re.escape(pattern[i]), i + 1
    return out + r"\Z"


# --- start ----------------------------------------------------------------------------------------------------------

def explain(error):
    """What a person can do about a sandbox that can't be built."""
    number = getattr(error, "errno", None)
    if number in (errno.EPERM, errno.EACCES, errno.ENOSPC, errno.EINVAL):
        return ("%s. The sandbox needs user namespaces: run as root, or allow them (sysctl kernel.unprivileged_userns_clone=1, "
                "user.max_user_namespaces>0; on Ubuntu kernel.apparmor_restrict_unprivileged_userns=0), and give a container "
                "that Executor runs in --security-opt seccomp=unconfined, apparmor=unconfined and systempaths=unconfined" % error)
    return str(error)


def start():
    """Serves until the other side goes. Returns in a forked child only: the caller has no frame below it, and ends."""
    channel = Channel(fcntl.fcntl(0, fcntl.F_DUPFD_CLOEXEC, 64), fcntl.fcntl(1, fcntl.F_DUPFD_CLOEXEC, 64))
    null = os.open("/dev/null", os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    os.close(null)
    config, _ = channel.receive()
    if config is None:
        os._exit(0)
    try:
        try:
            os.setsid()  # out of reach of the terminal's signals
        except PermissionError:
            pass  # already a session leader
        if config.get("container"):
            agent = Agent(channel, config, ContainerMemory())
            agent.begin_in_container()
            agent.serve()
            os._exit(0)
        channel.silence = config.get("silence_sec", 0)
        if channel.silence:
            signal.signal(signal.SIGALRM, lambda *_: os._exit(0))  # and with this process whatever is below it
        cgroup = MemoryCgroup.create() if os.geteuid() == 0 else None
        agent = Agent(channel, config, cgroup)
        if agent.folder:
            libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        else:
            agent.isolate()
        if cgroup and not cgroup.joined():
            agent.cgroup = None
        pid = os.fork()
        if pid:
            os.close(channel.read_fd)
            os.close(channel.write_fd)
            os.waitpid(pid, 0)
            if agent.folder:
                end_descendants()
            os._exit(0)
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if agent.folder:
            agent.begin_in_folder()
        else:
            agent.begin()
        agent.serve()
        os._exit(0)
    except InTask as child:
        control, status = child.control, child.status
    except (OSError, SetupError) as error:
        channel.send({"op": "error", "message": explain(error)})
        os._exit(1)
    prepare_script(agent, become_task(agent, control, status))
