"""Becoming a program."""
import _signal as signal
import ctypes
import errno
import os
import resource
from .linux.calls import syscall

LAST_FD = 0xFFFFFFFF
MOST_FDS = 1 << 16  # that are closed one by one


def close_all(first, last=LAST_FD):
    try:
        syscall("close_range", ctypes.c_uint(first), ctypes.c_uint(last), ctypes.c_uint(0))
    except (OSError, TypeError):  # a container engine's filter, or a kernel, that does not know it
        os.closerange(first, min(last, resource.getrlimit(resource.RLIMIT_NOFILE)[0], MOST_FDS) + 1)


def execute_as_default(argv, env):
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)  # the interpreter ignores them; others expect the default
    execute(argv, env)


def execute(argv, env):
    program = argv[0]
    if "/" in program:
        candidates = [program]
    else:
        candidates = [os.path.join(folder, program) for folder in env.get("PATH", os.defpath).split(":")]
    problem = None
    for candidate in candidates:
        try:
            os.execve(candidate, argv, env)
        except (FileNotFoundError, NotADirectoryError) as error:
            problem = problem or OSError(error.errno, "not found", program)
        except PermissionError as error:
            problem = OSError(error.errno, "not executable", program)
        except OSError as error:
            problem = OSError(error.errno, error.strerror, program)
            if error.errno == errno.ENOEXEC:
                problem = OSError(error.errno, "not a program this machine can run, and it has no #! line", program)
                break
    raise problem
