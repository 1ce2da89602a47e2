import os
import tempfile
import unittest
from unittest import mock

from executor_agent.cgroups import ContainerMemory, MemoryCgroup, count_memory_kills, memory_groups

V1 = ("36 25 0:31 / /sys/fs/cgroup/memory rw,nosuid shared:17 - cgroup cgroup rw,memory\n"
      "37 25 0:32 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid shared:18 - cgroup cgroup rw,cpu,cpuacct\n")
V2 = "30 23 0:26 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate\n"
ROOT = "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
DEAD_PID = 1 << 23  # above what the kernel gives out


class MemoryGroupsTest(unittest.TestCase):
    def test_v1_has_the_own_group_and_then_the_root(self):
        self.assertEqual([(1, "/sys/fs/cgroup/memory/user.slice/x"), (1, "/sys/fs/cgroup/memory")],
                         list(memory_groups("9:memory:/user.slice/x\n3:cpu,cpuacct:/\n", ROOT + V1)))

    def test_v2_has_the_own_group_and_its_parent_and_then_the_root(self):
        self.assertEqual([(2, "/sys/fs/cgroup/system.slice/executor.service/agent"), (2, "/sys/fs/cgroup/system.slice/executor.service"),
                          (2, "/sys/fs/cgroup")],
                         list(memory_groups("0::/system.slice/executor.service/agent\n", ROOT + V2)))

    def test_in_the_root_of_v2_there_is_nothing_above(self):
        self.assertEqual([(2, "/sys/fs/cgroup"), (2, "/sys/fs/cgroup")], list(memory_groups("0::/\n", V2)))

    def test_where_both_are_mounted_memory_is_where_its_controller_is(self):
        both = list(memory_groups("0::/a\n9:memory:/a\n", V1 + V2.replace("/sys/fs/cgroup ", "/sys/fs/cgroup/unified ")))
        self.assertEqual((1, "/sys/fs/cgroup/memory/a"), both[0])
        self.assertEqual([(2, "/sys/fs/cgroup/unified/a"), (2, "/sys/fs/cgroup/unified"), (2, "/sys/fs/cgroup/unified")], both[2:])

    def test_a_mount_that_shows_another_part_of_the_tree_gives_its_root_only(self):
        inside = V1.replace("0:31 / /sys", "0:31 /docker/abc /sys")
        self.assertEqual([(1, "/sys/fs/cgroup/memory")], list(memory_groups("9:memory:/\n", inside)))
        self.assertEqual([(1, "/sys/fs/cgroup/memory/x"), (1, "/sys/fs/cgroup/memory")], list(memory_groups("9:memory:/docker/abc/x\n", inside)))

    def test_without_control_groups_there_are_none(self):
        self.assertEqual([], list(memory_groups("", ROOT)))
        self.assertEqual([], list(memory_groups("3:cpu,cpuacct:/\n", ROOT + V1)))


class FixtureTest(unittest.TestCase):
    """Control groups that are folders of ordinary files: what is written is what the kernel would be told."""

    V1_FILES = {"memory.limit_in_bytes": "", "memory.usage_in_bytes": "5000\n", "memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n",
                "memory.memsw.limit_in_bytes": "", "memory.max_usage_in_bytes": "0\n", "cgroup.procs": ""}
    V2_FILES = {"memory.max": "", "memory.current": "5000\n", "memory.events": "low 0\nhigh 0\nmax 7\noom 1\noom_kill 3\noom_group_kill 0\n",
                "memory.swap.max": "", "memory.peak": "0\n", "cgroup.procs": ""}

    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = self.temporary.name
        self.addCleanup(self.temporary.cleanup)

    def write(self, files):
        for name, content in files.items():
            with open(os.path.join(self.folder, name), "w") as file:
                file.write(content)

    def read(self, name):
        with open(os.path.join(self.folder, name)) as file:
            return file.read()

    def open_group(self, version, files):
        self.write(files)
        group = MemoryCgroup(version, self.folder)
        self.addCleanup(lambda: [os.close(fd) for fd in (group.limit, group.usage, group.events, group.swap, group.peak) if fd is not None])
        self.assertTrue(group.joined())
        self.assertEqual(str(os.getpid()), self.read("cgroup.procs"))
        return group

    def check_task(self, group, limit, events, peak):
        group.begin(1000)
        self.assertEqual("6000", self.read(limit))
        self.assertEqual(0, group.kills())
        self.write({events: "oom_kill 5\n", peak: "7500\n"})
        self.assertEqual(2, group.kills())
        self.assertEqual((2500, True), group.end())
        self.assertEqual(str(MemoryCgroup.UNLIMITED), self.read(limit))

    def test_a_task_of_v1_gets_its_limit_on_top_of_what_is_used_and_none_of_swap(self):
        group = self.open_group(1, self.V1_FILES)
        group.begin(1000)
        self.assertEqual("6000", self.read("memory.memsw.limit_in_bytes"))
        group.end()
        self.check_task(self.open_group(1, self.V1_FILES), "memory.limit_in_bytes", "memory.oom_control", "memory.max_usage_in_bytes")
        self.assertEqual(str(MemoryCgroup.UNLIMITED), self.read("memory.memsw.limit_in_bytes"))

    def test_a_task_of_v2_gets_its_limit_on_top_of_what_is_used_and_no_swap_at_all(self):
        group = self.open_group(2, self.V2_FILES)
        self.assertEqual("0", self.read("memory.swap.max"))
        self.check_task(group, "memory.max", "memory.events", "memory.peak")

    def test_a_kernel_that_counts_no_peak_leaves_it_to_the_processes(self):
        group = self.open_group(2, {name: text for name, text in self.V2_FILES.items() if name not in ("memory.peak", "memory.swap.max")})
        group.begin(1)
        self.assertEqual((None, False), group.end())

    def test_a_group_without_a_limit_is_none(self):
        with self.assertRaises(OSError):
            MemoryCgroup(2, self.folder)

    def test_a_group_that_can_not_be_used_is_removed_again(self):
        self.write({"cgroup.subtree_control": ""})
        with mock.patch.object(MemoryCgroup, "parents", staticmethod(lambda: [(2, self.folder), (1, self.folder + "/missing")])):
            self.assertIsNone(MemoryCgroup.create())
        self.assertEqual(["cgroup.subtree_control"], os.listdir(self.folder))
        self.assertEqual("+memory", self.read("cgroup.subtree_control"))

    def test_groups_of_dead_agents_are_swept_and_no_others(self):
        dead, own = "executor-%d" % DEAD_PID, "executor-%d" % os.getpid()
        for name in (dead, own, "other"):
            os.mkdir(os.path.join(self.folder, name))
        MemoryCgroup.sweep(self.folder)
        self.assertEqual({own, "other"}, set(os.listdir(self.folder)))

    def test_kills_are_zero_where_the_kernel_does_not_count_them(self):
        self.write({"events": "oom_kill_disable 0\nunder_oom 0\n"})
        fd = os.open(os.path.join(self.folder, "events"), os.O_RDONLY)
        self.addCleanup(os.close, fd)
        self.assertEqual(0, count_memory_kills(fd))

    def test_a_container_tells_what_its_group_counts_in_either_version(self):
        for files, names in ((self.V1_FILES, ContainerMemory.FOLDERS[1][1:]), (self.V2_FILES, ContainerMemory.FOLDERS[0][1:])):
            self.write(files)
            with mock.patch.object(ContainerMemory, "FOLDERS", ((self.folder, *names),)):
                memory = ContainerMemory()
            self.addCleanup(lambda fds: [os.close(fd) for fd in fds], (memory.usage, memory.peak, memory.events))
            memory.begin(None)
            self.assertEqual((None, False), memory.end())
            self.write({names[1]: "9000\n", names[2]: "oom_kill 4\n"})
            self.assertEqual((4000, True), memory.end())

    def test_a_container_without_groups_counts_nothing(self):
        with mock.patch.object(ContainerMemory, "FOLDERS", ((self.folder, "a", "b", "c"),)):
            memory = ContainerMemory()
        memory.begin(None)
        self.assertEqual((None, False), memory.end())
