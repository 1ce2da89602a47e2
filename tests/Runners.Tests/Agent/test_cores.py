import unittest
from unittest import mock

from executor_agent import cores


def files(contents):
    """In place of read_file, with these files alone."""
    def read(path):
        if path not in contents:
            raise FileNotFoundError(path)
        return contents[path]
    return mock.patch.object(cores, "read_file", read)


class ReadQuotaTest(unittest.TestCase):
    def test_v2_and_v1_say_how_much_time_there_is(self):
        for contents, quota in (
            ({"/sys/fs/cgroup/cpu.max": b"150000 100000\n"}, 1.5),
            ({"/sys/fs/cgroup/cpu.max": b"max 100000\n"}, None),
            ({"/sys/fs/cgroup/cpu/cpu.cfs_quota_us": b"50000\n", "/sys/fs/cgroup/cpu/cpu.cfs_period_us": b"100000\n"}, 0.5),
            ({"/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": b"-1\n", "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": b"100000\n"}, None),
            ({}, None),
        ):
            with self.subTest(contents), files(contents):
                self.assertEqual(quota, cores.read_quota())


class ChooseCoresTest(unittest.TestCase):
    def test_a_part_of_a_core_takes_a_whole_one(self):
        self.assertEqual([1, 1, 2, 3], [len(cores.choose_cores(range(8), quota, 0)) for quota in (0.1, 1, 1.5, 3)])

    def test_more_than_there_are_is_all_of_them(self):
        self.assertEqual({2, 5}, cores.choose_cores([5, 2], 64, 7))

    def test_turns_use_all_cores_evenly(self):
        for machine in range(2, 9):
            for count in range(1, machine):
                used = [core for turn in range(machine) for core in cores.choose_cores(range(machine), count, turn)]
                self.assertEqual({core: count for core in range(machine)}, {core: used.count(core) for core in range(machine)})

    def test_only_allowed_cores_are_chosen(self):
        for turn in range(10):
            self.assertLessEqual(cores.choose_cores([3, 9, 11], 2, turn), {3, 9, 11})


class ConfineTest(unittest.TestCase):
    def test_without_a_quota_nothing_changes(self):
        with files({}), mock.patch.object(cores.os, "sched_setaffinity") as confined:
            cores.confine(0)
        confined.assert_not_called()

    def test_what_programs_count_is_what_they_have(self):
        with files({"/sys/fs/cgroup/cpu.max": b"100000 100000"}), mock.patch.object(cores.os, "sched_getaffinity", return_value={0, 1}), \
                mock.patch.object(cores.os, "sched_setaffinity") as confined, mock.patch.object(cores.os, "cpu_count", cores.os.cpu_count):
            cores.confine(1)
            self.assertEqual(1, cores.os.cpu_count())
        confined.assert_called_once_with(0, {1})


if __name__ == "__main__":
    unittest.main()
