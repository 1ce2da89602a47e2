import os
import struct
import subprocess
import sys
import tempfile
import unittest

BUILT = os.environ["EXECUTOR_BUILT"]
BEGINNINGS = os.path.dirname(BUILT)
NAMES = ("_weakref", "ast", "atexit", "collections", "ctypes", "encodings", "errno", "executor_agent", "fcntl", "functools", "json", "os", "re",
         "resource", "select", "shutil", "site", "sitecustomize", "socket", "struct", "usercustomize")


class BeginningsTest(unittest.TestCase):
    """Where an agent begins there may lie anything."""

    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = temporary.name
        for name in NAMES:
            with open(os.path.join(self.folder, name + ".py"), "w") as file:
                file.write("open(%r, 'w').close()\n" % (os.path.join(self.folder, name + ".ran")))

    def ran(self, beginning, options, given):
        with open(os.path.join(BEGINNINGS, beginning), encoding="utf-8") as file:
            source = file.read()
        env = {"EXECUTOR_AGENT_DIR": BEGINNINGS, "HOME": "/dev/null", "PATH": os.defpath}
        done = subprocess.run([sys.executable] + options + ["-c", source], cwd=self.folder, env=env, input=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertEqual((0, b""), (done.returncode, done.stderr))
        return sorted(name for name in os.listdir(self.folder) if name.endswith(".ran"))

    def test_an_agent_that_is_there_finds_nothing_in_the_folder_it_begins_in(self):
        for options in ([], ["-S"], ["-B"]):
            self.assertEqual([], self.ran("bootstrap.py", options, b""))

    def test_an_agent_that_is_sent_finds_nothing_in_the_folder_it_begins_in(self):
        with open(BUILT, "rb") as file:
            agent = file.read()
        for options in ([], ["-S"]):
            self.assertEqual([], self.ran("receiver.py", options, struct.pack(">I", len(agent)) + agent))
