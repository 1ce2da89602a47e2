"""The cores of a container whose engine limits them.

An engine limits time, not cores: a program that counts those of the machine would start more threads than can run.
"""
import os
from .linux.files import read_file

UNLIMITED = ("max", "-1")
V1_FOLDERS = ("/sys/fs/cgroup/cpu", "/sys/fs/cgroup/cpu,cpuacct")


def read_quota():
    """How many cores' time the engine gives the container that we are in, or None; with a part of a core as a fraction."""
    try:
        quota, period = read_file("/sys/fs/cgroup/cpu.max").decode().split()
    except OSError:
        for folder in V1_FOLDERS:
            try:
                quota, period = (read_file(os.path.join(folder, name)).decode().strip() for name in ("cpu.cfs_quota_us", "cpu.cfs_period_us"))
                break
            except OSError:
                continue
        else:
            return None
    return None if quota in UNLIMITED else int(quota) / int(period)


def choose_cores(allowed, quota, turn):
    """As many of the allowed cores as the quota lets work at once. Containers take turns, so that they don't all share the first."""
    count = -(-quota // 1)
    allowed = sorted(allowed)
    return set(allowed) if count >= len(allowed) else {allowed[int(turn * count + i) % len(allowed)] for i in range(int(count))}


def confine(turn):
    """Leaves this process and those it starts as many cores as the engine gives time of."""
    quota = read_quota()
    if not quota:
        return
    cores = choose_cores(os.sched_getaffinity(0), quota, turn)
    os.sched_setaffinity(0, cores)
    os.cpu_count = lambda: len(cores)  # the C library's answer is the machine's
