"""A task's limits as those of the kernel for one process."""
import os
import resource

MEBIBYTE = 1 << 20
PRESTART_LIMITS = {"open_files": 1 << 16, "pids": 1 << 15}  # of a program that waits for what to do
THREADS_OF_STACKS = 4  # so many threads' stacks are allowed on top of the memory: they are data, too, used or not


def kernel_limits(limits, memory_is_counted, pids_are_ours):
    """What to set: (kind, soft, hard). Nothing is set of what `limits` doesn't hold.

    memory_is_counted: by a cgroup, so that the kernel need not limit what each process may reserve.
    pids_are_ours: the kernel counts processes by user, and this user is the task's alone.
    """
    yield resource.RLIMIT_CORE, 0, 0
    if "stack_mb" in limits:
        yield both(resource.RLIMIT_STACK, stack_bytes(limits, memory_is_counted))
    if "cpu_time" in limits:
        seconds = max(1, int(-(-limits["cpu_time"] // 1)))  # rounded up
        yield resource.RLIMIT_CPU, seconds, seconds + 1
    if "file_size_mb" in limits:
        yield both(resource.RLIMIT_FSIZE, limits["file_size_mb"] * MEBIBYTE)
    if "memory_mb" in limits and not memory_is_counted:
        yield both(resource.RLIMIT_DATA, (limits["memory_mb"] + THREADS_OF_STACKS * limits["stack_mb"]) * MEBIBYTE)
    yield both(resource.RLIMIT_NOFILE, limits["open_files"])
    if pids_are_ours:
        yield both(resource.RLIMIT_NPROC, limits["pids"])


def both(kind, value):
    return kind, value, value


def stack_bytes(limits, memory_is_counted):
    """Threads get stacks of the size of the main one's limit, unless there is none: then they get 2 MiB. Where a stack may be as large as
    the memory, and no cgroup but RLIMIT_DATA counts what is only reserved, that's the better choice: the watch over memory ends it."""
    if not memory_is_counted and limits["stack_mb"] >= limits["memory_mb"]:
        return resource.RLIM_INFINITY
    # More than the machine has can't be mapped for a thread.
    return min(limits["stack_mb"] * MEBIBYTE, os.sysconf("SC_PHYS_PAGES") * resource.getpagesize() * 3 // 4)


def at_most(value, most):
    """The lower of two limits, either of which may be infinite."""
    if most == resource.RLIM_INFINITY:
        return value
    return most if value == resource.RLIM_INFINITY else min(value, most)


def limit_process(pid, chosen):
    """Sets them for a process, or as much of them as may still be had; for this one as number 0."""
    for kind, soft, hard in chosen:
        _, most = resource.prlimit(pid, kind)
        resource.prlimit(pid, kind, (at_most(soft, most), at_most(hard, most)))
