"""A task's limits as those of the kernel for one process.

This and whatever else a task's process calls are few and plain functions: it was forked, and a page that it writes to, if only to count a
reference, is a page that the kernel has to copy.
"""
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
        stack = stack_bytes(limits, memory_is_counted)
        yield resource.RLIMIT_STACK, stack, stack
    if "cpu_time" in limits:
        seconds = max(1, int(-(-limits["cpu_time"] // 1)))  # rounded up
        yield resource.RLIMIT_CPU, seconds, seconds + 1
    if "file_size_mb" in limits:
        size = limits["file_size_mb"] * MEBIBYTE
        yield resource.RLIMIT_FSIZE, size, size
    if "memory_mb" in limits and not memory_is_counted:
        data = (limits["memory_mb"] + THREADS_OF_STACKS * limits["stack_mb"]) * MEBIBYTE
        yield resource.RLIMIT_DATA, data, data
    yield resource.RLIMIT_NOFILE, limits["open_files"], limits["open_files"]
    if pids_are_ours:
        yield resource.RLIMIT_NPROC, limits["pids"], limits["pids"]


def stack_bytes(limits, memory_is_counted):
    """Threads get stacks of the size of the main one's limit, unless there is none: then they get 2 MiB. Where a stack may be as large as
    the memory, and no cgroup but RLIMIT_DATA counts what is only reserved, that's the better choice: the watch over memory ends it."""
    if not memory_is_counted and limits["stack_mb"] >= limits["memory_mb"]:
        return resource.RLIM_INFINITY
    # More than the machine has can't be mapped for a thread.
    return min(limits["stack_mb"] * MEBIBYTE, os.sysconf("SC_PHYS_PAGES") * resource.getpagesize() * 3 // 4)


def limit_process(pid, chosen):
    """Sets them for a process, or as much of them as may still be had; for this one as number 0."""
    infinite = resource.RLIM_INFINITY  # a number below all others
    for kind, soft, hard in chosen:
        _, most = resource.prlimit(pid, kind)
        if most != infinite and (hard == infinite or hard > most):
            soft, hard = most if soft == infinite or soft > most else soft, most
        resource.prlimit(pid, kind, (soft, hard))
