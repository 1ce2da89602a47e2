import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
import unittest

from executor_agent.agent import MOST_PROCESSES
from executor_agent.frames import Channel
from executor_agent.linux.files import read_file

LIMITS = {"memory_mb": 512, "stack_mb": 8, "cpu_time": 60, "pids": 256, "open_files": 256, "file_size_mb": 64, "output_bytes": 1 << 26}
PATH = {"PATH": "/usr/bin:/bin"}
OUTPUT_UNDER_WAY = 1 << 18  # in pipes and buffers, when a process is held
AGENT = "from executor_agent.main import start; start()"


def command_lines_with(text):
    for name in os.listdir("/proc"):
        try:
            if name.isdigit() and text in read_file("/proc/%s/cmdline" % name):
                yield name
        except OSError:
            pass  # it has ended


class Talk(Channel):
    """A conversation with an agent that runs its processes in a folder."""

    def __init__(self, folder):
        self.agent = subprocess.Popen([sys.executable, "-B", "-c", AGENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        super().__init__(self.agent.stdout.fileno(), self.agent.stdin.fileno())
        self.send({"folder": folder, "network": True, "disk_mb": 64})
        self.cgroup = self.hear("ready")[0]["cgroup"]
        self.send({"op": "open", "disk_mb": 64})

    def serving(self):
        """The process of the agent that serves; the one that was started waits for it."""
        return int(read_file("/proc/%d/task/%d/children" % (self.agent.pid, self.agent.pid)).split()[0])

    def start(self, number, *argv, **fields):
        self.send({"op": "start", "process": number, "argv": list(argv), "env": PATH, "cwd": "", "input": False, "warm": False, "limits": LIMITS, **fields})

    def shell(self, number, script, **fields):
        self.start(number, "sh", "-c", script, **fields)

    def hear(self, *operations):
        """The next frame, which is one of these."""
        message, data = self.receive()
        if message is None or message["op"] not in operations:
            raise AssertionError("%r is none of %r" % (message, operations))
        return message, data

    def hear_until_exits(self, numbers):
        """What each of the processes printed and how it ended, when all have."""
        printed, ends = {number: b"" for number in numbers}, {}
        while set(ends) != set(numbers):
            message, data = self.hear("output", "exit")
            if message["op"] == "output":
                printed[message["process"]] += data
            else:
                ends[message["process"]] = message
        return printed, ends

    def end(self):
        self.agent.stdin.close()
        self.agent.wait(10)
        self.agent.stdout.close()
        if self.cgroup:
            for _ in range(100):
                try:
                    os.rmdir(self.cgroup)
                    return
                except OSError:
                    time.sleep(0.01)


class AgentTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.talk = Talk(folder.name)
        self.addCleanup(self.talk.end)

    def test_what_is_told_of_several_processes_has_their_numbers(self):
        for number in (7, 8, 9):
            self.talk.shell(number, "cat; echo %d; exit %d" % (number, number), input=True)
        for number in (9, 7, 8):
            self.talk.send({"op": "stdin", "process": number}, b"to %d\n" % number)
        taken = {self.talk.hear("taken", "output")[0]["process"] for _ in range(3)}
        for number in (7, 8, 9):
            self.talk.send({"op": "stdin", "process": number, "eof": True})
        printed, ends = {}, {}
        while len(ends) < 3:
            message, data = self.talk.hear("taken", "output", "exit")
            if message["op"] == "exit":
                ends[message["process"]] = message["exit_code"]
            printed[message["process"]] = printed.get(message["process"], b"") + data
        self.assertLessEqual(taken, {7, 8, 9})
        self.assertEqual({7: 7, 8: 8, 9: 9}, ends)
        self.assertTrue(all(text.endswith(b"%d\n" % number) for number, text in printed.items()), printed)

    def test_what_arrives_for_a_process_that_has_ended_is_passed_over(self):
        self.talk.shell(1, "exit 1")
        self.talk.hear_until_exits([1])
        for message in ({"op": "stdin"}, {"op": "stop", "mode": "kill"}, {"op": "memory"}, {"op": "hold", "held": True}):
            self.talk.send({**message, "process": 1})
        self.talk.shell(2, "exit 2")
        self.assertEqual(2, self.talk.hear_until_exits([2])[1][2]["exit_code"])

    def test_a_number_that_is_in_use_ends_the_agent(self):
        self.talk.start(1, "sleep", "100")
        self.talk.start(1, "sleep", "100")
        self.assertEqual((None, b""), self.talk.receive())

    def test_one_more_than_a_workspace_can_have_is_refused_and_the_others_go_on(self):
        numbers = list(range(MOST_PROCESSES))
        for number in numbers + [1000]:
            self.talk.start(number, "cat", input=True)
        message, _ = self.talk.hear("exit")
        self.assertEqual((1000, 127), (message["process"], message["exit_code"]))
        self.assertIn("at most %d" % MOST_PROCESSES, message["start_error"])
        for number in numbers:
            self.talk.send({"op": "stdin", "process": number, "eof": True})
        _, ends = self.talk.hear_until_exits(numbers)
        self.assertEqual({0}, {end["exit_code"] for end in ends.values()})

    def test_a_process_that_the_machine_has_no_files_for_says_so_and_the_others_go_on(self):
        self.talk.start(1, "cat", input=True)
        serving = self.talk.serving()
        before = resource.prlimit(serving, resource.RLIMIT_NOFILE, (4, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
        self.talk.shell(2, "exit 2")
        message, _ = self.talk.hear("exit")
        self.assertEqual((2, 127, True), (message["process"], message["exit_code"], message["exhausted"]))
        self.talk.send({"op": "put", "path": "a.txt"}, b"a")
        self.assertTrue(self.talk.hear("failed")[0]["exhausted"])
        resource.prlimit(serving, resource.RLIMIT_NOFILE, before)
        self.talk.shell(3, "exit 3")
        self.talk.send({"op": "stdin", "process": 1, "eof": True})
        _, ends = self.talk.hear_until_exits([1, 3])
        self.assertEqual([(0, False), (3, False)], [(ends[number]["exit_code"], ends[number]["exhausted"]) for number in (1, 3)])

    def test_output_that_is_held_stays_with_the_process(self):
        self.talk.start(1, "sleep", "100")
        self.talk.shell(2, "echo; read line; head -c 1000000 /dev/zero", input=True)
        self.talk.hear("output")
        self.talk.send({"op": "hold", "process": 2, "held": True})
        self.talk.send({"op": "stdin", "process": 2}, b"\n")
        self.talk.shell(3, "sleep 0.3; echo end")
        held = 0
        while True:
            message, data = self.talk.hear("output", "taken", "exit")
            if message["process"] == 2:
                held += len(data)
            elif message["op"] == "exit":
                break
        self.assertLess(held, OUTPUT_UNDER_WAY)
        self.talk.send({"op": "hold", "process": 2, "held": False})
        printed, ends = self.talk.hear_until_exits([2])
        self.assertEqual((1000000, 0), (held + len(printed[2]), ends[2]["exit_code"]))

    def test_a_process_that_ends_or_stops_its_keeper_is_told_as_killed(self):
        self.talk.start(1, "cat", input=True)
        self.talk.shell(2, "kill -KILL $PPID; sleep 100")
        self.talk.shell(3, "kill -STOP $PPID; exit 5")
        _, ends = self.talk.hear_until_exits([2])
        self.assertEqual(signal.SIGKILL, ends[2]["signal"])
        self.talk.send({"op": "stop", "process": 3, "mode": "kill"})
        self.talk.send({"op": "stdin", "process": 1, "eof": True})
        _, ends = self.talk.hear_until_exits([1])
        self.assertEqual(0, ends[1]["exit_code"])

    def test_closing_tells_every_end_and_leaves_nothing(self):
        mark = "%d.5" % random.randrange(100000, 999999)
        self.talk.shell(1, "(setsid sleep %s &); sleep %s" % (mark, mark))
        self.talk.shell(2, "kill -KILL $PPID; sleep %s" % mark)
        self.talk.shell(3, "(setsid sleep %s &); sleep %s" % (mark, mark))
        self.talk.hear_until_exits([2])
        self.talk.send({"op": "close"})
        _, ends = self.talk.hear_until_exits([1, 3])
        self.talk.hear("closed")
        self.assertEqual({signal.SIGKILL}, {end["signal"] for end in ends.values()})
        self.assertEqual([], list(command_lines_with(mark.encode())))
