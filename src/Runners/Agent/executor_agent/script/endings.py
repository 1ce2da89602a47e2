"""The end of an interpreter that has run a script.

An interpreter's end takes all modules apart, which here are shared memory that would first have to be copied: more time than a small
script runs for. Nobody can see it where nothing is left that does something at its end. After SystemExit the interpreter alone knows the exit
code, so that it has to end itself, though without taking modules apart.
"""
import _io
import _thread
import _warnings
import atexit
import ctypes
import gc
import os
import resource
import stat
import sys
from _weakref import ref as Reference
from .steps import Step, prepare_step
from ..linux.library import libc

HARMLESS = {"_asyncio", "_bisect", "_blake2", "_contextvars", "_csv", "_datetime", "_decimal", "_hashlib", "_heapq", "_json", "_md5", "_opcode",
            "_pickle", "_posixsubprocess", "_queue", "_random", "_sha1", "_sha2", "_sha256", "_sha3", "_sha512", "_statistics", "_struct",
            "_typing", "_zoneinfo", "array", "binascii", "cmath", "fcntl", "grp", "math", "select", "termios", "unicodedata", "zlib"}

HAVE_GC = 1 << 14  # Py_TPFLAGS_HAVE_GC
BUFFERED = (_io.BufferedWriter, _io.BufferedRandom, _io.BufferedReader)
IN_MEMORY = (_io.BytesIO, _io.StringIO)
FILES = (_io.TextIOWrapper, *BUFFERED, _io.FileIO, *IN_MEMORY)  # outermost first
PAGE = resource.getpagesize()


def count_collections():
    """How often what is new was looked at, and what has outlived that, which then becomes old."""
    return [generation["collections"] for generation in gc.get_stats()[:2]]


# As an interpreter's start leaves it: the bootstrap has turned collections off.
MIDDLE_COUNT, MIDDLE_COLLECTIONS = gc.get_count()[1], count_collections()[1]


def count_references(items):
    return [sys.getrefcount(item) for item in items]


class Ending:
    """Has the modules taken apart only where that can be seen."""

    def __init__(self):
        self.code = None  # of the process, where it is known
        self.filters = []
        self.streams = (sys.stdout, sys.stderr)
        atexit.register(self)

    def begin(self):
        self.collections = count_collections()
        self.latest = [self]  # by which it can be told whether the script has frozen its objects

    def __call__(self):
        """Last of what is registered for the interpreter's end: after the threads, with all that is left still in place."""
        objects = gc.get_objects()  # without those of before the script, which are frozen
        if not any(item is self.latest for item in objects):
            return  # the script has frozen its own, too
        if sys._getframe().f_back is not None or not self.is_unseen(objects):
            del objects
            new, middle = (now - then for now, then in zip(count_collections(), self.collections))
            young = MIDDLE_COLLECTIONS + middle == 0 and MIDDLE_COUNT + new <= gc.get_threshold()[1]
            self.__dict__.clear()
            gc.unfreeze()
            if young:
                # Where the interpreter's own objects have not become old, a collection meets the script's first.
                gc.freeze()
                gc.unfreeze()
            return
        if self.code is not None and self.flush():
            libc.fflush(None)
            os._exit(self.code)
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(dict(sys.modules)))
        sys.modules.clear()

    @staticmethod
    def flush():
        try:
            for stream in (sys.stdout, sys.stderr):
                if not stream.closed:
                    stream.flush()
            return True
        except (OSError, ValueError):
            return False  # the interpreter will say so

    def is_unseen(self, objects):
        if (_thread._count() or sys.gettrace() or sys.getprofile()
                or _warnings.filters != self.filters or (sys.stdout, sys.stderr) != self.streams):
            return False
        made = [kind for kind in objects if isinstance(kind, type)]
        names, bases = type.__dict__["__dict__"].__get__, type.__dict__["__mro__"].__get__
        # Of some classes the objects are not in the list.
        kinds = {*map(type, objects), *(kind for kind in made if not kind.__flags__ & HAVE_GC)}
        open_files = not kinds.isdisjoint(FILES)
        kinds.difference_update(FILES)
        if any("__del__" in names(base) for kind in kinds for base in bases(kind)):
            return False
        if any(ctypes._CFuncPtr in bases(kind) for kind in made):
            return False  # C may have been given what it calls at the end
        for item in objects:
            if isinstance(item, Reference) and self.tells(item) or isinstance(item, type(sys)) and self.is_foreign(item):
                return False
        return not open_files or self.flush_files(objects)

    @staticmethod
    def tells(reference):
        """Whether somebody of the script's is told when the referent goes. Collections that forget what is gone are told, too."""
        callback = reference.__callback__
        if callback is None or type(reference) is Step or type(callback) is type(len) and callback.__name__ == "_destroy":
            return False
        return type(callback) is not type(prepare_step) or callback.__module__ not in ("_weakrefset", "weakref", "logging")

    @staticmethod
    def is_foreign(module):
        """Whether it is a library, whose objects may do anything."""
        scope = type(sys).__dict__["__dict__"].__get__(module) or {}
        name, file = scope.get("__name__"), scope.get("__file__")
        return type(file) is str and file.endswith(".so") and not (type(name) is str and name in HARMLESS)

    @classmethod
    def flush_files(cls, objects):
        """What the end of an open file does that can be seen. False where it isn't certain that the order in which files are ended makes no
        difference, or where one can't be written: the interpreter will then do it, and say so."""
        try:
            files = [item for item in objects if type(item) in FILES and not item.closed]
            if not cls.are_plain(files) or not cls.are_independent(files):
                return False
            for kind in FILES:
                for item in files:
                    if type(item) is kind:
                        item.flush()
            return True
        except (OSError, ValueError, AttributeError):
            return False

    @staticmethod
    def are_plain(files):
        """Whether they and what is below them are the interpreter's own, and only the script's global names hold them: where a collection
        finds them, it depends on its order what becomes of their buffers."""
        main = sys.modules.get("__main__")
        if type(main) is not type(sys):
            return False
        scope = vars(main)
        probe, own = count_references([object()])[0], count_references([main, scope])
        # One for whom they belong to, a name here, and the list of all objects; any other may be a cycle.
        if own != [probe + 3, probe + 3]:
            return False
        holders = list(scope.values())
        for item in files:
            if "close" in vars(item) or "flush" in vars(item):
                return False
            if type(item) is _io.TextIOWrapper:
                holders.append(item.buffer)
                if type(item.buffer) in BUFFERED:
                    holders.append(item.buffer.raw)
            elif type(item) in BUFFERED:
                holders.append(item.raw)
        known, held = set(map(id, files)), list(map(id, holders))
        if any(id(item) not in known for item in holders if isinstance(item, _io._IOBase) and not item.closed):
            return False
        del holders, item
        # One is of the list of all objects.
        return all(count - probe - 1 == held.count(id(item)) for count, item in zip(count_references(files), files)
                   if type(item) not in IN_MEMORY)

    @staticmethod
    def are_independent(files):
        """Whether those that are written to are regular files, no two of them the same, and there is room for all that they may hold."""
        raw = [(item, os.fstat(item.fileno())) for item in files if type(item) is _io.FileIO]
        written = [(item, state) for item, state in raw if item.writable()]
        nodes = [(state.st_dev, state.st_ino) for state in [os.fstat(1), os.fstat(2)] + [state for _, state in raw]]
        if any(not stat.S_ISREG(state.st_mode) or nodes.count((state.st_dev, state.st_ino)) > 1 for _, state in written):
            return False
        if len(written) > 1:
            held = sum(item._CHUNK_SIZE if type(item) is _io.TextIOWrapper else sys.getsizeof(item) + PAGE for item in files)
            for item, _ in written:
                disk = os.fstatvfs(item.fileno())
                if disk.f_bavail * disk.f_frsize < held:
                    return False
        return True
