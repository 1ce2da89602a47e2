"""Frames over two file descriptors: two big-endian lengths, a JSON object, raw bytes."""
import _signal as signal  # the public module imports enum, functools and collections: a fifth of the start-up time
import os
import struct
from .json_text import parse_json, write_json
from .linux.files import write_all


class Channel:
    """The two ends of a conversation in frames."""

    HEAD = struct.Struct(">II")
    MAX_JSON, MAX_DATA = 64 << 20, 1 << 20
    UNSENT = 1 << 16  # bytes that may wait to share a write
    READ = 1 << 18    # bytes of one read

    def __init__(self, read_fd, write_fd):
        self.read_fd, self.write_fd = read_fd, write_fd
        self.buffer = bytearray()
        self.unsent = bytearray()
        self.head = b""  # the last frame's JSON as it came
        self.silence = 0  # seconds without a word after which the other side is taken for gone

    def send(self, message, data=b""):
        self.add(message, data)
        self.flush()

    def add(self, message, data=b""):
        """Like send, but the frame may wait for the next one to share its write."""
        head = write_json(message).encode()
        self.unsent += self.HEAD.pack(len(head), len(data)) + head + data
        if len(self.unsent) > self.UNSENT:
            self.flush()

    def flush(self):
        write_all(self.write_fd, self.unsent)
        self.unsent = bytearray()

    def fill(self):
        """Reads what is there (blocks if nothing is); False at end of file."""
        if self.silence:
            signal.alarm(self.silence)
        piece = os.read(self.read_fd, self.READ)
        self.buffer += piece
        return bool(piece)

    def take(self):
        """The next whole frame, else None."""
        begin = self.HEAD.size
        if len(self.buffer) < begin:
            return None
        head, data = self.HEAD.unpack_from(self.buffer)
        if head > self.MAX_JSON or data > self.MAX_DATA:
            raise ValueError("frame of %d + %d bytes" % (head, data))
        middle, end = begin + head, begin + head + data
        if len(self.buffer) < end:
            return None
        self.head = bytes(self.buffer[begin:middle])
        message = parse_json(self.head)
        payload = bytes(self.buffer[middle:end])
        del self.buffer[:end]
        return message, payload

    def receive(self):
        """The next frame, when it is there; (None, b"") at the end of the conversation."""
        while True:
            frame = self.take()
            if frame is not None:
                return frame
            if not self.fill():
                return None, b""

    def close(self):
        os.close(self.read_fd)
        os.close(self.write_fd)
