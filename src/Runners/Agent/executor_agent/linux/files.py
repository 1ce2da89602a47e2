"""Whole files and whole writes, by descriptors alone."""
import os

PIECE = 1 << 16  # bytes of one read


def write_file(path, text):
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        os.write(fd, text.encode())
    finally:
        os.close(fd)


def read_file(path):
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return read_all(fd)
    finally:
        os.close(fd)


def read_all(fd):
    pieces = []
    while True:
        piece = os.read(fd, PIECE)
        if not piece:
            return b"".join(pieces)
        pieces.append(piece)


def write_all(fd, data):
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view):]
