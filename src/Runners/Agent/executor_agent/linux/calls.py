"""System calls that the standard library lacks."""
import ctypes
import os
import struct
from .library import libc

CLONE_VM, CLONE_FILES, CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x100, 0x400, 0x20000, 0x4000000, 0x8000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 1, 2, 4, 8, 32, 4096, 16384, 1 << 18
MNT_DETACH = 2
AT_FDCWD, AT_RECURSIVE = -100, 0x8000
MOUNT_ATTRIBUTES = struct.Struct("=QQQQ")  # to set, to clear, propagation, user namespace

MACHINE = os.uname().machine
SYSTEM_CALLS = {
    "x86_64": {"pivot_root": 155, "capset": 126, "mount_setattr": 442, "pidfd_open": 434, "close_range": 436},
    "aarch64": {"pivot_root": 41, "capset": 91, "mount_setattr": 442, "pidfd_open": 434, "close_range": 436},
}.get(MACHINE)

libc.clone.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p]
libc.syscall.restype = ctypes.c_long
libc.fopen.restype = ctypes.c_void_p
for _name in ("mount", "umount2", "unshare", "setns", "fflush", "fopen", "pause"):
    getattr(libc, _name)  # looked up once, here, and not by every forked child


class SetupError(Exception):
    """The sandbox can't be built here; the message says why and, where known, what to do."""


def check(result, what):
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, "%s: %s" % (what, os.strerror(number)))
    return result


def syscall(name, *args):
    return check(libc.syscall(ctypes.c_long(SYSTEM_CALLS[name]), *args), name)


def unshare(flags, what):
    check(libc.unshare(flags), what)


def mount(source, target, kind=None, flags=0, data=None):
    check(libc.mount(os.fsencode(source), os.fsencode(target), kind and kind.encode(), ctypes.c_ulong(flags),
                     data and data.encode()), "mount " + target)


def unmount(target):
    check(libc.umount2(os.fsencode(target), MNT_DETACH), "umount " + target)


def make_read_only(target):
    """Read-only, no set-user-id, no devices, for the mount and everything mounted below it."""
    attributes = MOUNT_ATTRIBUTES.pack(MS_RDONLY | MS_NOSUID | MS_NODEV, 0, 0, 0)
    syscall("mount_setattr", ctypes.c_int(AT_FDCWD), os.fsencode(target), ctypes.c_uint(AT_RECURSIVE), attributes,
            ctypes.c_size_t(MOUNT_ATTRIBUTES.size))


def make_root_read_only():
    flags = MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV
    check(libc.mount(None, b"/", None, ctypes.c_ulong(flags), None), "remount /")


def pidfd_open(pid):
    return syscall("pidfd_open", ctypes.c_int(pid), ctypes.c_uint(0))
