"""Running a script in this interpreter.

The script is run, and the interpreter ended, by the C functions that `python FILE` consists of, so that whatever a script can see of its
end is the interpreter's own. They are called where no frame of Python is and no object is being freed that others must wait for: when the
bootstrap's code object goes, and the interpreter calls what its weak references ask for; first the script, then the exit code.
"""
import _warnings
import ctypes
import gc
import os
import struct
import sys
import time
from ..linux.files import read_file
from ..linux.library import libc
from ..programs import execute_as_default
from .endings import Ending
from .steps import prepare_step

AGENT_VARIABLES = ("EXECUTOR_AGENT_DIR", "LD_BIND_NOW")  # what the agent was started with, and no script shall see
OWN_CALLS = 2              # of C that a script is below
DEEPEST_OF_BOOTSTRAP = 50  # what is deeper is no count of calls

python = ctypes.PyDLL(None)


def code_of_bootstrap():
    frame = sys._getframe()
    while frame.f_back is not None:
        frame = frame.f_back
    return frame.f_code


def depth_of_calls():
    """Of the thread's state: how deep it is until 3.10, how much deeper it may go in 3.11; None in versions that don't count calls of C."""
    if sys.version_info >= (3, 12):
        return None
    state = python["PyThreadState_Get"]
    state.restype = ctypes.c_void_p
    return ctypes.c_int.from_address(state() + 4 * struct.calcsize("P"))


class Launch:
    """What it takes to run a script, as far as it can be made ahead: a page that a child writes to, if only to count a reference, is a page
    that the kernel has to copy."""

    def __init__(self, environment, home):
        self.environment = environment  # the folder of the virtual environment that scripts enter; else None
        self.import_path = [path for path in sys.path if path]
        for name in AGENT_VARIABLES:
            os.environ.pop(name, None)
        if home:  # the agent was started with none, where anybody could have left code for it
            os.environ["HOME"] = home
        look_up_user_site()
        time.tzset()  # by the files of the root that we are in now
        self.depth = depth_of_calls()
        self.ending = Ending()
        self.look()
        self.failure = prepare_step(code_of_bootstrap(), python["Py_Exit"], 1)
        self.run = python["PyRun_SimpleFileExFlags"]
        self.run.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_void_p]
        self.run.restype = self.conclude

    def look(self):
        """Takes what there is for what a script starts from; again after modules were imported, which may change it."""
        self.env = list(os.environ.items())
        self.ending.filters = list(_warnings.filters)

    def conclude(self, status):
        """After a script that did not leave by SystemExit, which the interpreter acts upon itself, as it does upon an interrupt."""
        if status == 0:
            self.ending.code = 0
        elif getattr(sys, "last_type", None) is not KeyboardInterrupt:
            self.ending.code = 1
            return
        self.failure.call = int

    def expect_environment(self, env):
        """The next task's may have the order of this one's; what is in it is not kept."""
        if list(env.items()) != self.env and sorted(env.items()) == sorted(self.env):
            os.environ.clear()
            os.environ.update(env)
            self.env = list(env.items())

    def set_environment(self, env):
        if list(env.items()) != self.env:
            os.environ.clear()
            os.environ.update(env)
            look_up_user_site()
            time.tzset()

    def prepare(self, path):
        self.ending.begin()
        prepare_step(code_of_bootstrap(), self.run, libc.fopen(path, b"rbe"), path, 1, None)
        self.discount_calls(OWN_CALLS)

    def discount_calls(self, number):
        """Those of C that the script is below shall not count towards the recursion limit."""
        if self.depth is not None:
            until_3_10 = sys.version_info < (3, 11)
            if 0 < (self.depth.value if until_3_10 else sys.getrecursionlimit() - self.depth.value) < DEEPEST_OF_BOOTSTRAP:
                self.depth.value += -number if until_3_10 else number


def look_up_user_site():
    """Names the user's own packages by the home there is now; the interpreter has named them by that which it was started with."""
    site = sys.modules.get("site")
    if site is not None and site.USER_SITE:
        site.USER_BASE = site.USER_SITE = None
        site.getusersitepackages()


def prepare_script(launch, spec):
    """Makes the interpreter look as if it had been started as `argv`, which runs when the bootstrap has ended."""
    argv = spec["argv"]
    launch.set_environment(spec["env"])
    sys.orig_argv = list(argv)
    sys.argv[:] = argv[1:]
    absolute = os.path.abspath(argv[1])
    path = absolute if sys.version_info >= (3, 9) else argv[1]
    sys.path[:] = launch.import_path
    if launch.environment:
        enter_environment(launch.environment)
    sys.path.insert(0, os.path.dirname(absolute))
    sys.dont_write_bytecode = True
    try:
        special = b"\0" in read_file(path)
    except OSError:
        special = True
    if special:  # no script, an archive, or one that only the interpreter's own start can complain about rightly
        execute_as_default(argv, spec["env"])
    module = type(sys)("__main__")
    if sys.version_info < (3, 14):
        module.__annotations__ = {}
    module.__builtins__ = sys.modules["builtins"]
    sys.modules["__main__"] = module
    lines = sys.modules.get("linecache")
    if lines is not None:
        lines.cache.clear()  # some versions keep the bootstrap's there
    launch.prepare(os.fsencode(path))
    gc.enable()


def enter_environment(folder):
    """Makes this interpreter the one of a virtual environment, as it makes itself when it starts. Its packages may bring code that
    runs right then: so not before the child is isolated, and never in the agent."""
    import site
    sys.executable = os.path.join(folder, "bin", "python")
    sys.prefix = sys.exec_prefix = folder
    site.PREFIXES[:] = [folder]
    site.main()
