"""A task's process, from inside: from its fork until it is what was asked for."""
import _signal as signal
import fcntl
import os
from .json_text import parse_json
from .limits import PRESTART_LIMITS, kernel_limits, limit_process
from .linux.exhaustion import is_exhaustion
from .linux.files import read_all, write_file
from .linux.library import PR_SET_DUMPABLE, prctl
from .programs import close_all, execute, execute_as_default

OWN_FDS = 200         # from here on are those that tell the task's process what to run, until it runs it
PRESTART_FD = 3       # where a program that was started ahead finds out
FIRST_TO_GO = "1000"  # when the kernel looks for memory
REHEARSED_LIMITS = dict(PRESTART_LIMITS, memory_mb=1, stack_mb=1, cpu_time=1, file_size_mb=1)
EXHAUSTED = b"\0"     # what the status begins with when the machine, and not what was to run, is why
FAILED = 127          # exit code of a process that could not become what it should


def become_task(cell, control, status):
    """Isolate, wait for what to run, limit, run. Returns what to run in this interpreter, or never."""
    spec = None
    try:
        control = fcntl.fcntl(control, fcntl.F_DUPFD_CLOEXEC, OWN_FDS)
        status = fcntl.fcntl(status, fcntl.F_DUPFD_CLOEXEC, OWN_FDS)
        close_all(PRESTART_FD, control - 1)
        if status > control + 1:
            close_all(control + 1, status - 1)
        close_all(status + 1)
        os.setsid()
        prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)
        if cell.silence:
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
        cell.enter()
        write_file("/proc/self/oom_score_adj", FIRST_TO_GO)
        if cell.prestart:
            wait_in_program(cell, control)
        rehearse()
        spec = read_all(control)
        os.close(control)
        if not spec:
            os._exit(0)  # discarded unused
        spec = parse_json(spec)
        if not spec["input"]:
            null = os.open("/dev/null", os.O_RDONLY)
            os.dup2(null, 0)
            os.close(null)
        if spec.get("merge"):
            os.dup2(1, 2)
        os.chdir(os.path.join(cell.work, spec["cwd"]))
        restrict(cell, spec["limits"])
        if spec["warm"]:
            os.close(status)
            return spec
        execute_as_default(spec["argv"], spec["env"])
    except OSError as error:
        where = "" if error.filename is None else "%s: " % os.fsdecode(error.filename)
        mark = EXHAUSTED if spec is None and is_exhaustion(error) else b""  # later it may be for the limits of what was to run
        os.write(status, mark + (where + (error.strerror or str(error))).encode("utf-8", "replace"))
    except BaseException as error:  # noqa: B902
        os.write(status, ("%s: %s" % (type(error).__name__, error)).encode("utf-8", "replace"))
    os._exit(FAILED)


def wait_in_program(cell, control):
    """Becomes a program that learns from the pipe what to run."""
    os.dup2(control, PRESTART_FD)
    os.close(control)
    os.chdir(cell.work)
    restrict(cell, PRESTART_LIMITS)
    execute(cell.prestart, cell.prestart_env)


def rehearse():
    """Goes through what there will be to do when the task is there, as far as that changes nothing: the pages that it takes, which are
    shared with the agent until they are written to, are then copied while nobody waits."""
    parse_json(b'{"argv":["",0]}')
    limit_process(0, ())
    for _ in kernel_limits(REHEARSED_LIMITS, True, True):
        pass
    os.path.dirname(os.path.abspath("x"))


def restrict(cell, limits):
    os.umask(0o022)
    limit_process(0, kernel_limits(limits, cell.memory is not None, cell.pids_are_ours))
    cell.filter_calls()
