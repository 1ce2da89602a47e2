"""The interpreter: executes code as `__main__`."""
import __future__
import _ast
import _io
import _signal as signal
import fcntl
import gc
import linecache
import os
import resource
import sys
import time
from executor_agent.linux.files import write_all
from executor_agent.linux.library import PR_SET_DUMPABLE, PR_SET_PDEATHSIG, prctl
from .errors import describe, name_of, print_error, suspended_at
from .frames import DONE, FRAME_BYTES, HEAD, NUMBER
from .loop import Loop
from .values import answer_of, to_json

OWN_FDS, LOWEST_FD, ROOM_FOR_FDS = 1000, 12, 8  # where those begin that are none of the code's; with few allowed, at their end
FIRST_OTHER_FD = 3          # behind the standard streams
FOR_EVER = 60               # seconds, again and again
RESERVE = 8 << 20           # for saying that there is no memory left; not touched, so it costs an address range only
LARGEST_TEXT = 64 << 10     # characters of a value as text


def quiet(*_):
    """An interrupt between two executions. (Not ignored: programs that threads start would inherit that.)"""


class Interpreter:
    FUTURES = 0
    for _name in __future__.all_feature_names:
        FUTURES |= getattr(__future__, _name).compiler_flag
    COROUTINE = 0x80  # CO_COROUTINE of a code object

    def __init__(self, supervisor, orders, answers, out, err):
        os.setsid()
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() not in (supervisor.pid, 0):
            os._exit(0)
        prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, quiet)
        if supervisor.priority:
            with open("/proc/self/oom_score_adj", "wb") as file:
                file.write(supervisor.priority)
        base = max(LOWEST_FD, min(OWN_FDS, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - ROOM_FOR_FDS))
        null = os.open("/dev/null", os.O_RDONLY)
        self.orders, self.answers, *copies = (
            fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, base) for fd in (orders, answers, null, out, err))
        self.standard = list(enumerate(copies))
        for fd, copy in self.standard:
            os.dup2(copy, fd)
        os.closerange(FIRST_OTHER_FD, base)
        self.pid = os.getpid()
        self.begun = supervisor.begun
        self.flags = 0
        self.loop = Loop()
        self.keep_reserve()
        module = type(sys)("__main__")
        self.scope = module.__dict__
        self.scope["__builtins__"] = sys.modules["builtins"]
        if sys.version_info < (3, 14):
            self.scope["__annotations__"] = {}
        sys.modules["__main__"] = module
        sys.argv[:] = [""]
        if sys.path and os.path.basename(sys.path[0]) == ".executor":
            sys.path[0] = ""
        else:
            sys.path.insert(0, "")

    def live(self):
        received = bytearray()
        while True:
            self.loop.turn_until_readable(self.orders)
            piece = os.read(self.orders, FRAME_BYTES)
            if not piece:
                os._exit(0)
            received += piece
            if len(received) < HEAD.size:
                continue
            length = HEAD.unpack_from(received)[1]
            if len(received) < HEAD.size + length:
                continue
            number = NUMBER.unpack_from(received, HEAD.size)[0]
            source = received[HEAD.size + NUMBER.size:].decode("utf-8", "replace")
            received.clear()
            answer = NUMBER.pack(number) + self.execute(number, source).encode()
            try:
                write_all(self.answers, HEAD.pack(DONE, len(answer)) + answer)
            except OSError:
                while True:
                    time.sleep(FOR_EVER)  # the code has closed the descriptor; the supervisor has seen it, and says so

    def execute(self, number, source):
        """The answer, as JSON. An interrupt may come at any moment: where no user code runs, it changes the answer only."""
        self.restore()
        try:
            try:
                signal.signal(signal.SIGINT, signal.default_int_handler)
                NUMBER.pack_into(self.begun, 0, number)
                self.loop.be_current()
                name, _, source = source.partition("\0")
                answer = self.attempt(name, source)
            finally:
                signal.signal(signal.SIGINT, quiet)
        except BaseException as error:  # noqa: B902
            signal.signal(signal.SIGINT, quiet)
            answer = answer_of(error=(name_of(type(error)), "", ""))
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except BaseException:  # noqa: B902
                pass
        return answer

    def attempt(self, name, source):
        try:
            value = self.run(name, source)
            if os.getpid() != self.pid:
                self.leave(None)
            if self.reserve is None:
                self.keep_reserve()
            if value is None:
                return answer_of()
            text = repr(value)
            if len(text) > LARGEST_TEXT:
                text = "%s… [%d characters in all]" % (text[:LARGEST_TEXT], len(text))
            return answer_of(text, to_json(value))
        except BaseException as error:  # noqa: B902
            if isinstance(error, MemoryError):
                self.reserve = None  # what comes next may be what frees the rest
            if os.getpid() != self.pid:
                self.leave(error)
            if isinstance(error, SystemExit):
                return answer_of(error=None if self.exit_code(error) == 0 else ("SystemExit", str(error.code), ""))
            try:
                return answer_of(error=describe(error))
            except MemoryError:
                error.__traceback__ = None
        gc.collect()
        return answer_of(error=("MemoryError", "", ""))

    def keep_reserve(self):
        try:
            self.reserve = bytes(RESERVE)
        except MemoryError:
            self.reserve = None

    def run(self, name, source):
        """Executes it all; the value of the last statement, if that is an expression."""
        if source.startswith("\ufeff"):
            source = source[1:]
        lines = _io.StringIO(source, newline=None).readlines()  # as Python counts them: str.splitlines knows more ends of lines
        linecache.cache[name] = (len(source), None, lines, name)
        tree = self.compile(source, name, "exec", _ast.PyCF_ONLY_AST)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], _ast.Expr) else None
        codes = []
        if tree.body:
            codes.append(self.compile(tree, name, "exec"))
            self.flags |= codes[0].co_flags & self.FUTURES
        if last is not None:
            codes.append(self.compile(_ast.Expression(last.value), name, "eval"))
        del tree, last
        value = None
        for code in codes:
            value = eval(code, self.scope)  # noqa: S307
            if code.co_flags & self.COROUTINE:
                value = self.wait_for(value)
        return value

    def compile(self, source, name, mode, flags=0):
        return compile(source, name, mode, flags | self.flags | _ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)

    def wait_for(self, coroutine):
        """On the one loop of this interpreter; what is interrupted is cancelled, so that nothing of it is left."""
        task = loop = None
        try:
            loop = self.loop.get()
            task = loop.create_task(coroutine)
            while True:
                try:
                    return loop.run_until_complete(task)
                except SystemExit as error:
                    if task.done():
                        raise
                    print_error(error)  # of a task in the background, which ends nothing else
        except (KeyboardInterrupt, SystemExit) as error:
            trace = suspended_at(coroutine, type(error.__traceback__))
            if task is None:
                coroutine.close()
            elif not task.done():
                task.cancel()
                try:
                    loop.run_until_complete(task)
                except BaseException:  # noqa: B902
                    pass  # cancelled; or interrupted once more, by somebody who will not wait for that
            elif not task.cancelled():
                task.exception()  # seen: nobody has to be told of it at the end
            raise error if trace is None else error.with_traceback(trace)

    def restore(self):
        """Gives back the standard streams that earlier code has closed."""
        for fd, copy in self.standard:
            try:
                os.fstat(fd)
            except OSError:
                try:
                    os.dup2(copy, fd)
                except OSError:
                    pass  # it has closed those, too
        for fd, name in ((1, "stdout"), (2, "stderr")):
            stream = getattr(sys, name, None)
            if stream is None or getattr(stream, "closed", False):
                setattr(sys, name, open(fd, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False))

    def leave(self, error):
        """A copy of this interpreter that user code has forked, and that has come to the end of that code."""
        code = 1
        try:
            code = self.exit_code(error)
            if code and not isinstance(error, SystemExit):
                sys.stderr.write(describe(error)[2])
            sys.stdout.flush()
            sys.stderr.flush()
        finally:
            os._exit(code & 0xFF)

    @staticmethod
    def exit_code(error):
        """What the interpreter would end with."""
        if error is None or isinstance(error, SystemExit) and error.code is None:
            return 0
        return error.code if isinstance(error, SystemExit) and isinstance(error.code, int) else 1
