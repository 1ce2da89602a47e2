import os
import resource
import unittest
from contextlib import contextmanager

from executor_agent.limits import MEBIBYTE, PRESTART_LIMITS, kernel_limits, limit_process

LIMITS = {"memory_mb": 256, "stack_mb": 8, "cpu_time": 2.5, "pids": 64, "open_files": 128, "file_size_mb": 16, "output_bytes": 1000}


def chosen(limits=None, memory_is_counted=True, pids_are_ours=True, **changes):
    return {kind: (soft, hard) for kind, soft, hard in kernel_limits(dict(limits or LIMITS, **changes), memory_is_counted, pids_are_ours)}


@contextmanager
def process():
    """One that waits."""
    read_fd, write_fd = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(write_fd)
        os.read(read_fd, 1)
        os._exit(0)
    os.close(read_fd)
    try:
        yield pid
    finally:
        os.close(write_fd)
        os.waitpid(pid, 0)


class KernelLimitsTest(unittest.TestCase):
    def test_each_limit_has_its_unit(self):
        self.assertEqual({resource.RLIMIT_CORE: (0, 0), resource.RLIMIT_STACK: (8 * MEBIBYTE, 8 * MEBIBYTE), resource.RLIMIT_CPU: (3, 4),
                          resource.RLIMIT_FSIZE: (16 * MEBIBYTE, 16 * MEBIBYTE), resource.RLIMIT_NOFILE: (128, 128), resource.RLIMIT_NPROC: (64, 64)},
                         chosen())

    def test_seconds_are_whole_and_at_least_one(self):
        for time, seconds in ((0.01, 1), (1, 1), (1.0001, 2), (10.0, 10), (1_000_000_000, 1_000_000_000)):
            self.assertEqual((seconds, seconds + 1), chosen(cpu_time=time)[resource.RLIMIT_CPU])

    def test_what_is_reserved_is_limited_only_where_memory_is_not_counted(self):
        self.assertNotIn(resource.RLIMIT_DATA, chosen())
        self.assertEqual(((256 + 4 * 8) * MEBIBYTE,) * 2, chosen(memory_is_counted=False)[resource.RLIMIT_DATA])

    def test_a_stack_as_large_as_the_memory_is_left_to_the_watch_where_memory_is_not_counted(self):
        self.assertEqual((resource.RLIM_INFINITY,) * 2, chosen(memory_is_counted=False, stack_mb=256)[resource.RLIMIT_STACK])
        self.assertEqual((255 * MEBIBYTE,) * 2, chosen(memory_is_counted=False, stack_mb=255)[resource.RLIMIT_STACK])
        self.assertEqual((256 * MEBIBYTE,) * 2, chosen(stack_mb=256)[resource.RLIMIT_STACK])

    def test_a_stack_is_never_larger_than_the_machine(self):
        machine = os.sysconf("SC_PHYS_PAGES") * resource.getpagesize()
        self.assertEqual(machine * 3 // 4, chosen(stack_mb=machine // MEBIBYTE + 1)[resource.RLIMIT_STACK][0])

    def test_processes_are_limited_only_where_no_others_count(self):
        self.assertNotIn(resource.RLIMIT_NPROC, chosen(pids_are_ours=False))

    def test_a_program_that_waits_gets_what_has_to_be_there_from_the_start(self):
        self.assertEqual({resource.RLIMIT_CORE, resource.RLIMIT_NOFILE, resource.RLIMIT_NPROC}, set(chosen(PRESTART_LIMITS)))


class LimitProcessTest(unittest.TestCase):
    def test_limits_of_another_process_are_set(self):
        with process() as pid:
            limit_process(pid, [(resource.RLIMIT_CPU, 3, 4), (resource.RLIMIT_NOFILE, 30, 30)])
            self.assertEqual(((3, 4), (30, 30)), (resource.prlimit(pid, resource.RLIMIT_CPU), resource.prlimit(pid, resource.RLIMIT_NOFILE)))

    def test_what_the_host_allows_is_not_exceeded(self):
        infinite = resource.RLIM_INFINITY
        for asked, allowed, expected in (((3, 4), 5, (3, 4)), ((30, 31), 20, (20, 20)), ((19, 21), 20, (19, 20)), ((infinite, infinite), 20, (20, 20)),
                                         ((5, infinite), 20, (5, 20)), ((30, 31), infinite, (30, 31)), ((infinite, infinite), infinite, (infinite, infinite))):
            with process() as pid:
                resource.prlimit(pid, resource.RLIMIT_CPU, (allowed, allowed))
                limit_process(pid, [(resource.RLIMIT_CPU, *asked)])
                self.assertEqual(expected, resource.prlimit(pid, resource.RLIMIT_CPU), (asked, allowed))

    def test_a_process_limits_itself(self):
        pid = os.fork()
        if pid == 0:
            limit_process(0, kernel_limits(LIMITS, True, False))
            os._exit(0 if resource.getrlimit(resource.RLIMIT_NOFILE) == (128, 128) and resource.getrlimit(resource.RLIMIT_CORE) == (0, 0) else 1)
        self.assertEqual(0, os.waitpid(pid, 0)[1])
