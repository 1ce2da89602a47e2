"""User namespaces and what a process may do in one; the loopback of a network namespace."""
import fcntl
import os
import struct
from .calls import CLONE_NEWUSER, check, syscall, unshare
from .files import write_file
from .library import PR_SET_NO_NEW_PRIVS, libc, prctl

TASK_UID = 1000          # as the task sees itself
UNPRIVILEGED_ID = 65534  # as the host sees it, when the host side is root

CAPABILITY_HEADER, CAPABILITY_SETS = struct.pack("=Ii", 0x20080522, 0), bytes(24)  # version 3, this process; none at all

AF_INET, SOCK_DGRAM, SOCK_CLOEXEC = 2, 2, 0o2000000
SIOCSIFFLAGS, IFF_UP, IFF_RUNNING = 0x8914, 0x1, 0x40
INTERFACE_FLAGS = struct.Struct("16sh14x")


def enter_user_namespace(flags, uid, gid):
    """Becomes TASK_UID, with every capability, in a new user namespace where only that id exists; it is `uid` outside."""
    unshare(CLONE_NEWUSER | flags, "user namespace")
    write_file("/proc/self/setgroups", "deny")
    write_file("/proc/self/uid_map", "%d %d 1" % (TASK_UID, uid))
    write_file("/proc/self/gid_map", "%d %d 1" % (TASK_UID, gid))


def become_unprivileged():
    os.setgroups([])
    os.setresgid(UNPRIVILEGED_ID, UNPRIVILEGED_ID, UNPRIVILEGED_ID)
    os.setresuid(UNPRIVILEGED_ID, UNPRIVILEGED_ID, UNPRIVILEGED_ID)


def drop_capabilities():
    check(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")
    syscall("capset", CAPABILITY_HEADER, CAPABILITY_SETS)


def loopback_up():
    fd = check(libc.socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket")
    try:
        fcntl.ioctl(fd, SIOCSIFFLAGS, INTERFACE_FLAGS.pack(b"lo", IFF_UP | IFF_RUNNING))
    finally:
        os.close(fd)
    try:
        # A port that one task listened on is free for the next: no TIME_WAIT, which would cost a new namespace.
        write_file("/proc/sys/net/ipv4/tcp_max_tw_buckets", "0")
    except OSError:
        pass
