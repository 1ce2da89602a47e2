import os
import re
import tempfile
import unittest

from executor_agent.collect import Collector, translate


class Answers:
    """Takes the collector's frames."""

    def __init__(self):
        self.files, self.complete, self.got = {}, set(), None

    def send(self, message, data=b""):
        if message["op"] == "got":
            self.got = message
        elif message["more"]:
            self.files[message["path"]] = self.files.get(message["path"], b"") + data
        else:
            self.files.setdefault(message["path"], b"")
            self.complete.add(message["path"])


class CollectTest(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.outside, self.folder = temporary.name, os.path.join(temporary.name, "work")
        os.mkdir(self.folder)

    def write(self, path, content=b"x", folder=None):
        path = os.path.join(os.fsencode(folder or self.folder), os.fsencode(path))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content)

    def collect(self, *patterns, most=1 << 20):
        answers = Answers()
        Collector(answers, self.folder, most).collect(list(patterns))
        self.assertEqual(answers.complete, set(answers.files))
        return answers

    def test_what_is_named_is_sent_whole(self):
        content = os.urandom(3 * Collector.CHUNK + 17)
        self.write("a/large", content)
        self.write("empty", b"")
        answers = self.collect("a/large", "empty")
        self.assertEqual({"a/large": content, "empty": b""}, answers.files)
        self.assertEqual({"op": "got", "skipped": [], "skipped_count": 0}, answers.got)

    def test_globs_choose_within_and_across_folders(self):
        for path in ("one.txt", "two.log", "a/three.txt", "a/b/four.txt"):
            self.write(path)
        for pattern, expected in (("*.txt", {"one.txt"}), ("**/*.txt", {"one.txt", "a/three.txt", "a/b/four.txt"}), ("a/**", {"a/three.txt", "a/b/four.txt"}),
                                  ("a/*/*", {"a/b/four.txt"}), ("???.*", {"one.txt", "two.log"}), ("[!o]*", {"two.log"}), ("[ot]*.txt", {"one.txt"})):
            self.assertEqual(expected, set(self.collect(pattern).files), pattern)

    def test_what_is_missing_is_passed_over_in_silence(self):
        self.assertEqual(0, self.collect("nothing", "no/folder/file").got["skipped_count"])

    def test_no_link_is_followed_neither_of_a_file_nor_of_a_folder(self):
        self.write("secret", b"secret", self.outside)
        os.symlink("../secret", os.path.join(self.folder, "link"))
        os.symlink("..", os.path.join(self.folder, "folder"))
        for patterns in (("link",), ("folder/secret",), ("**",)):
            answers = self.collect(*patterns)
            self.assertEqual({}, answers.files, patterns)
            self.assertGreater(answers.got["skipped_count"], 0)
        self.assertEqual(["link: not a regular file (links are not followed)"], self.collect("link").got["skipped"])

    def test_a_pipe_or_a_folder_is_not_opened(self):
        os.mkfifo(os.path.join(self.folder, "pipe"))
        os.mkdir(os.path.join(self.folder, "folder"))
        self.assertEqual(["pipe: not a regular file (links are not followed)", "folder: not a regular file (links are not followed)"],
                         self.collect("pipe", "folder").got["skipped"])

    def test_what_is_more_than_may_be_returned_is_skipped_and_the_rest_is_not(self):
        for name, size in (("a", 60), ("b", 50), ("c", 40)):
            self.write(name, b"x" * size)
        answers = self.collect("*", most=100)
        self.assertEqual({"a", "c"}, set(answers.files))
        self.assertEqual(["b: 50 bytes are more than may still be returned"], answers.got["skipped"])

    def test_names_that_are_no_text_are_told_and_skipped(self):
        self.write(b"bad\xff", b"x")
        answers = self.collect("*")
        self.assertEqual(({}, ["bad?: its name is not UTF-8"]), (answers.files, answers.got["skipped"]))

    def test_only_so_many_that_were_skipped_are_named(self):
        for number in range(Collector.NAMED + 20):
            os.symlink("x", os.path.join(self.folder, str(number)))
        got = self.collect("*").got
        self.assertEqual((Collector.NAMED, Collector.NAMED + 20), (len(got["skipped"]), got["skipped_count"]))

    def test_no_descriptor_is_left_open(self):
        self.write("a/file")
        os.symlink("a", os.path.join(self.folder, "link"))
        before = os.listdir("/proc/self/fd")
        self.collect("a/file", "a/none", "link/file", "a")
        self.assertEqual(before, os.listdir("/proc/self/fd"))


class GlobTest(unittest.TestCase):
    def test_globs_mean_what_shells_mean(self):
        for pattern, yes, no in (("a.b", ["a.b"], ["axb", "a.b\n"]), ("*", ["a", ""], ["a/b"]), ("**", ["a", "a/b"], []), ("**/x", ["x", "a/x", "a/b/x"], ["ax"]),
                                 ("[a-c]", ["b"], ["d"]), ("[!a]", ["b"], ["a"]), ("[^a]", ["b"], ["a"]), ("[]]", ["]"], ["["]), ("[", ["["], ["a"]),
                                 ("[\\]", ["\\"], ["x"]), ("[[]", ["["], ["]"]), ("a?c", ["abc"], ["a/c", "ac"])):
            rule = re.compile(translate(pattern))
            self.assertEqual([], [text for text in yes if not rule.match(text)], pattern)
            self.assertEqual([], [text for text in no if rule.match(text)], pattern)
