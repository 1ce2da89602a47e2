import json
import os
import signal
import subprocess
import tempfile
import unittest

from executor_agent.cells.choice import choose_cell
from executor_agent.cells.container import ContainerCell
from executor_agent.cells.folder import FolderCell
from executor_agent.cells.namespaces import NamespaceCell, has_sockets
from executor_agent.cells.shared import end_descendants, live_descendants
from executor_agent.linux.calls import SetupError
from executor_agent.linux.library import PR_SET_CHILD_SUBREAPER, prctl


class ChoiceTest(unittest.TestCase):
    def test_the_configuration_chooses(self):
        for config, kind in (({"network": False}, NamespaceCell), ({"network": False, "folder": "/x"}, FolderCell), ({"network": False, "container": True}, ContainerCell)):
            self.assertIs(kind, type(choose_cell(config)))

    def test_only_namespaces_have_users_and_filters_of_their_own(self):
        self.assertEqual([True, False, False], [kind.pids_are_ours for kind in (NamespaceCell, FolderCell, ContainerCell)])

    def test_an_agent_that_is_not_the_first_process_of_its_container_is_refused(self):
        with self.assertRaisesRegex(SetupError, "pid 1"):
            choose_cell({"container": True}).settle(None)


class NamespacesTest(unittest.TestCase):
    def test_sockets_that_are_left_are_seen(self):
        text = b"sockets: used %d\nTCP: inuse 0 orphan 0 tw %d alloc 0 mem 0\nUDP: inuse 0 mem 0\n"
        self.assertEqual([False, True, True], [has_sockets(text % counts) for counts in ((0, 0), (1, 0), (0, 2))])


class FolderTest(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = temporary.name

    def in_child(self, act):
        """Whether it holds in a process of its own, which a cell changes for good."""
        pid = os.fork()
        if pid == 0:
            held = False
            try:
                held = act()
            finally:
                os._exit(0 if held else 1)
        self.assertEqual(0, os.waitpid(pid, 0)[1])

    def test_a_task_gets_a_folder_of_its_own_that_goes_with_all_that_it_protects(self):
        def act():
            cell = FolderCell({"folder": self.folder, "extra_files": {"/lib/start.js": "text"}, "prestart": ["node", "/lib/start.js", "-x"]})
            cell.begin()
            cell.make_disk(1)
            inner = os.path.join(cell.work, "a")
            os.mkdir(inner)
            open(os.path.join(inner, "file"), "w").close()
            os.chmod(inner, 0o500)
            cell.drop_disk()
            return os.listdir(self.folder) == ["lib"] and cell.prestart == ["node", self.folder + "/lib/start.js", "-x"]
        self.in_child(act)

    def test_the_temporary_folder_of_the_host_becomes_the_tasks_own(self):
        def act():
            cell = FolderCell({"folder": self.folder})
            cell.begin()
            order = json.loads(cell.order({"op": "start", "env": {"TMPDIR": "/tmp", "HOME": "/tmp", "OTHER": "/tmp", "X": "ü"}}, b"as it came"))
            return order == {"op": "start", "env": {"TMPDIR": cell.temporary, "HOME": cell.temporary, "OTHER": "/tmp", "X": "ü"}}
        self.in_child(act)

    def test_so_it_does_for_a_program_that_is_started_ahead(self):
        def act():
            cell = FolderCell({"folder": self.folder, "prestart": ["node"], "prestart_env": {"TMPDIR": "/tmp", "HOME": "/tmp", "X": "y"}})
            cell.begin()
            return cell.prestart_env == {"TMPDIR": cell.temporary, "HOME": cell.temporary, "X": "y"}
        self.in_child(act)

    def test_elsewhere_a_task_is_told_what_came(self):
        self.assertEqual(b"as it came", ContainerCell({}).order({"op": "start"}, b"as it came"))

    def test_every_process_below_is_ended_also_those_that_were_orphaned_or_ignore_it(self):
        def act():
            prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
            script = "trap '' TERM HUP; (setsid sh -c 'sleep 1000 & echo; wait' &); sleep 1000 & echo; wait"
            started = subprocess.Popen(["sh", "-c", script], stdout=subprocess.PIPE)
            started.stdout.readline()
            started.stdout.readline()  # both have begun
            below = live_descendants()
            end_descendants()
            started.stdout.close()
            return len(below) >= 4 and live_descendants() == [] and started.wait() == -signal.SIGKILL
        self.in_child(act)
