import json
import os
import random
import tempfile
import unittest

from executor_agent.frames import Channel
from executor_agent.json_text import parse_json, write_json


def packed(message, data=b""):
    head = json.dumps(message).encode()
    return Channel.HEAD.pack(len(head), len(data)) + head + data


class FramesTest(unittest.TestCase):
    def setUp(self):
        self.read_fd, self.write_fd = os.pipe()
        self.channel = Channel(self.read_fd, self.write_fd)
        self.is_written = True

    def tearDown(self):
        os.close(self.read_fd)
        if self.is_written:
            os.close(self.write_fd)

    def end(self):
        os.close(self.write_fd)
        self.is_written = False

    def test_a_frame_that_is_sent_comes_back(self):
        for message, data in (({"op": "put", "path": "ä/\n\"\\\u2028\U0001f600"}, bytes(range(256))), ({"op": "x", "n": [1, -2.5, None, True, {}]}, b"")):
            self.channel.send(message, data)
            self.assertEqual((message, data), self.channel.receive())

    def test_frames_that_come_together_are_taken_one_by_one(self):
        os.write(self.write_fd, packed({"op": "a"}, b"1") + packed({"op": "b"}) + packed({"op": "c"}, b"23"))
        self.assertEqual([({"op": "a"}, b"1"), ({"op": "b"}, b""), ({"op": "c"}, b"23")], [self.channel.receive() for _ in range(3)])
        self.assertIsNone(self.channel.take())

    def test_a_torn_frame_is_taken_when_its_last_byte_is_there(self):
        whole = packed({"op": "put"}, b"content")
        for byte in whole[:-1]:
            self.channel.buffer.append(byte)
            self.assertIsNone(self.channel.take())
        self.channel.buffer.append(whole[-1])
        self.assertEqual(({"op": "put"}, b"content"), self.channel.take())
        self.assertEqual(b'{"op": "put"}', self.channel.head)

    def test_a_frame_that_is_too_large_is_refused_by_its_lengths_alone(self):
        for lengths in ((Channel.MAX_JSON + 1, 0), (2, Channel.MAX_DATA + 1), (0xFFFFFFFF, 0xFFFFFFFF)):
            self.channel.buffer = bytearray(Channel.HEAD.pack(*lengths))
            with self.assertRaises(ValueError):
                self.channel.take()
        self.channel.buffer = bytearray(Channel.HEAD.pack(Channel.MAX_JSON, Channel.MAX_DATA))
        self.assertIsNone(self.channel.take())

    def test_the_end_of_the_stream_is_no_frame_even_within_one(self):
        os.write(self.write_fd, packed({"op": "a"}) + packed({"op": "b"})[:-1])
        self.end()
        self.assertEqual({"op": "a"}, self.channel.receive()[0])
        self.assertEqual((None, b""), self.channel.receive())

    def test_what_is_added_waits_for_what_is_sent(self):
        self.channel.add({"op": "output"}, b"small")
        os.set_blocking(self.read_fd, False)
        with self.assertRaises(BlockingIOError):
            os.read(self.read_fd, 1)
        self.channel.send({"op": "exit"})
        self.assertEqual([({"op": "output"}, b"small"), ({"op": "exit"}, b"")], [self.channel.receive() for _ in range(2)])

    def test_much_that_is_added_does_not_wait(self):
        with tempfile.TemporaryFile() as file:  # a pipe would hold less
            self.channel.write_fd = file.fileno()
            self.channel.add({"op": "output"}, bytes(Channel.UNSENT // 2))
            self.assertEqual(0, os.fstat(file.fileno()).st_size)
            self.channel.add({"op": "output"}, bytes(Channel.UNSENT // 2))
            self.assertGreater(os.fstat(file.fileno()).st_size, Channel.UNSENT)

    def test_what_is_not_json_is_an_error(self):
        for text in (b"", b"nonsense", b"NaN", b"[1,", b"\xff"):
            with self.assertRaises(ValueError):
                parse_json(text)


class JsonTextTest(unittest.TestCase):
    def test_json_says_what_the_module_json_says(self):
        chance = random.Random(1)

        def value(depth):
            kind = chance.randrange(7 if depth else 5)
            if kind == 5:
                return [value(depth - 1) for _ in range(chance.randrange(4))]
            if kind == 6:
                return {text(): value(depth - 1) for _ in range(chance.randrange(4))}
            return (None, chance.random() < 0.5, chance.randrange(-10**18, 10**18), chance.uniform(-1e9, 1e9), text())[kind]

        def text():
            return "".join(chr(chance.choice((chance.randrange(128), chance.randrange(0xD800), chance.randrange(0x10000, 0x110000))))
                           for _ in range(chance.randrange(8)))

        for _ in range(500):
            made = value(4)
            self.assertEqual(made, json.loads(write_json(made)))
            self.assertEqual(made, parse_json(json.dumps(made).encode()))
