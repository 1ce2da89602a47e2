"""The interpreter of a session, for whoever speaks its frames on standard input and output (docs/sessions.md).

One file and the standard library only, Python 3.8 or newer. Two processes:

  supervisor  what was started. It never runs user code and has no threads. Everything the session starts is below it, also what was
              orphaned, so that it can end all of it and fork another interpreter within milliseconds.
  child       the interpreter: executes code as `__main__`. Its descriptors 1 and 2 are pipes to the supervisor; what it is told and
              answers goes over two more, with high numbers. What comes out of it is never trusted.

A frame is one byte that says what it is, four bytes of length (big-endian), and that much content.

  to the supervisor     x  execute: number (4 bytes), most bytes of output of each stream (8 bytes), then in UTF-8
                           a name for tracebacks, a NUL, and the source
                        i  interrupt the execution of that number (4 bytes)
                        k  end the interpreter, if it executes that number (4 bytes) or the number is 0, and begin another
  from it               r  ready: at the start, and in answer to k of number 0
                        o  output, e  error output
                        d  the execution of that number (4 bytes) is done: JSON
                        l  the interpreter ended with the execution of that number (4 bytes), and there is another: JSON
"""
import sys

if sys.version_info < (3, 8):
    sys.exit("a session needs Python 3.8 or newer, this is %d.%d" % sys.version_info[:2])

import _ast
import _frozen_importlib
import _io
import __future__
import _signal as signal  # the public module imports enum and more
import _thread
import fcntl
import gc
import linecache
import mmap
import os
import resource
import select
import struct
import termios
import time
import traceback

try:
    from _json import encode_basestring_ascii as quote
except ImportError:  # an interpreter without it
    from json.encoder import py_encode_basestring_ascii as quote

HEAD = struct.Struct(">cI")
NUMBER = struct.Struct(">I")
EXECUTE = struct.Struct(">IQ")

LARGEST_ANSWER = 8 << 20    # of a child; what is larger is not from us
RESERVE = 8 << 20           # for saying that there is no memory left; not touched, so it costs an address range only
LARGEST_TEXT = 64 << 10     # characters of a value as text
LARGEST_JSON = 1 << 20      # characters of a value as JSON
LARGEST_ERROR = 256 << 10   # characters of an error's message, and of its traceback
DEEPEST_JSON = 60
UNSENT = 1 << 20            # no more output is read while more than this waits to be sent


# --- Linux, as far as the standard library lacks it -------------------------------------------------------------------

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_CHILD_SUBREAPER = 1, 4, 36

try:
    import ctypes
    prctl = ctypes.CDLL(None).prctl
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
except (ImportError, OSError, AttributeError):
    def prctl(*_):
        """Without it, orphans of the session are for the runner to end."""


def read_file(path):
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.read(fd, 1 << 16)
    finally:
        os.close(fd)


def write_all(fd, data):
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view):]


def close(*fds):
    for fd in fds:
        try:
            os.close(fd)
        except OSError:
            pass


def children(pid):
    try:
        return [int(child) for thread in os.listdir("/proc/%d/task" % pid)
                for child in read_file("/proc/%d/task/%s/children" % (pid, thread)).split()]
    except OSError:
        return []


def descendants(pid):
    found, left = [], [pid]
    while left:
        below = children(left.pop())
        found += below
        left += below
    return found


def signal_all(pids, number):
    for pid in pids:
        try:
            os.kill(pid, number)
        except OSError:
            pass


def end_descendants():
    """Ends every process below this one; they can't leave it, as orphans are given to it. Stopped first: they could fork on."""
    while True:
        while True:
            try:
                if os.waitpid(-1, os.WNOHANG)[0] == 0:
                    break
            except ChildProcessError:
                return
        below = descendants(os.getpid())
        signal_all(below, signal.SIGSTOP)
        signal_all(below or children_unlisted(), signal.SIGKILL)
        time.sleep(0.0003)  # they end when the kernel next looks at them


def children_unlisted():
    """For a kernel that does not list children: whoever names this process as its parent."""
    own = b"%d" % os.getpid()
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                if read_file("/proc/%s/stat" % name).rpartition(b")")[2].split()[1] == own:
                    yield int(name)
            except (OSError, IndexError):
                pass


# --- the supervisor ---------------------------------------------------------------------------------------------------

class InChild(BaseException):
    """Raised in a forked child, to leave every frame of the supervisor before anything else happens."""


class Supervisor:
    def __init__(self):
        self.input, self.output = os.dup(0), os.dup(1)
        null = os.open("/dev/null", os.O_RDWR)
        os.dup2(null, 0)
        os.dup2(null, 1)
        os.close(null)
        os.set_blocking(self.output, False)
        prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)  # the child, which is the same user, must not look into this process
        self.pid = os.getpid()
        self.priority = self.spare()
        self.wake, wake_write = os.pipe()
        os.set_blocking(self.wake, False)
        os.set_blocking(wake_write, False)
        signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        self.received, self.unsent = bytearray(), bytearray()
        self.executing = 0          # the execution's number, 0 when there is none
        self.begun = mmap.mmap(-1, NUMBER.size)  # shared with the child: the last execution that can be interrupted
        self.interrupting = False   # whether that is still to be done
        self.room = {b"o": 0, b"e": 0}
        self.early = []             # what was printed since the last execution
        self.obituary = None        # of a child that ended between two executions

    @staticmethod
    def spare():
        """Where processes here are the first that the kernel ends for memory, the children shall be, and this one later."""
        try:
            own = read_file("/proc/self/oom_score_adj")
            if int(own) >= 900:
                with open("/proc/self/oom_score_adj", "w") as file:
                    file.write("500")
                return own
        except (OSError, ValueError):
            pass
        return None

    def send(self, kind, *content):
        self.unsent += HEAD.pack(kind, sum(map(len, content)))
        for piece in content:
            self.unsent += piece

    def flush(self):
        while self.unsent:
            try:
                del self.unsent[:os.write(self.output, self.unsent[:1 << 18])]
            except BlockingIOError:
                return
            except OSError:
                self.end()

    def end(self):
        end_descendants()
        os._exit(0)

    def serve(self):
        gc.collect()
        gc.freeze()
        self.fork()
        self.send(b"r")
        while True:
            self.flush()
            poll = select.poll()
            for fd in (self.wake, self.input, self.answers):
                poll.register(fd, select.POLLIN)
            if len(self.unsent) < UNSENT:
                for fd in self.pipes:
                    poll.register(fd, select.POLLIN)
            if self.unsent:
                poll.register(self.output, select.POLLOUT)
            ready = [fd for fd, _ in poll.poll(1 if self.interrupting else None)]
            for fd in list(self.pipes):
                if fd in ready:
                    self.forward(fd, 1 << 16)
            if self.answers in ready:
                self.listen()
            if self.wake in ready:
                os.read(self.wake, 4096)
                self.reap()
            if self.input in ready:
                piece = os.read(self.input, 1 << 18)
                if not piece:
                    self.end()
                self.received += piece
                self.handle_frames()
            if self.interrupting:
                self.interrupt()

    def handle_frames(self):
        while len(self.received) >= HEAD.size:
            kind, length = HEAD.unpack_from(self.received)
            if len(self.received) < HEAD.size + length:
                return
            content = bytes(self.received[HEAD.size:HEAD.size + length])
            del self.received[:HEAD.size + length]
            number = NUMBER.unpack_from(content)[0]
            if kind == b"x":
                self.execute(number, EXECUTE.unpack_from(content)[1], content[EXECUTE.size:])
            elif number == self.executing and kind == b"i":
                self.interrupting = True
            elif kind == b"k" and number in (0, self.executing):
                self.replace("killed")
                if number == 0:
                    self.obituary = None
                    self.send(b"r")

    def interrupt(self):
        """Once the child is at that execution: before, it would not know what the signal is about."""
        if not self.executing:
            self.interrupting = False
        elif NUMBER.unpack_from(self.begun)[0] == self.executing:
            self.interrupting = False
            signal_all([self.child], signal.SIGINT)

    def execute(self, number, most, source):
        self.executing = number
        self.room = {b"o": most, b"e": most}
        early, self.early = self.early, []
        for kind, piece in early:
            self.print(kind, piece)
        if self.obituary is None:
            try:
                write_all(self.orders, HEAD.pack(b"x", NUMBER.size + len(source)) + NUMBER.pack(number) + source)
                return
            except BrokenPipeError:
                self.executing = 0
                self.replace("broken")
                self.executing = number
        self.lose(self.obituary)

    def print(self, kind, piece):
        kept = piece[:self.room[kind]]
        if kept:
            self.room[kind] -= len(kept)
            if self.executing:
                self.send(kind, kept)
            else:
                self.early.append((kind, kept))

    def forward(self, fd, most):
        """Takes what there is of a pipe; false at its end, or when it is empty."""
        try:
            piece = os.read(fd, most)
        except BlockingIOError:
            return False
        if not piece:
            os.close(fd)
            del self.pipes[fd]
            return False
        self.print(self.pipes[fd], piece)
        return True

    def drain(self):
        """What is in the pipes now: somebody may go on to write for ever."""
        for fd in list(self.pipes):
            count = struct.unpack("i", fcntl.ioctl(fd, termios.FIONREAD, b"\0\0\0\0"))[0]
            if count:
                self.forward(fd, count)

    def listen(self):
        """An answer of the child, or of user code that has found the descriptor."""
        piece = os.read(self.answers, 1 << 18)
        if not piece:
            self.await_end()
            return
        self.heard += piece
        if len(self.heard) < HEAD.size:
            return
        kind, length = HEAD.unpack_from(self.heard)
        if kind != b"d" or not NUMBER.size <= length <= LARGEST_ANSWER or len(self.heard) > HEAD.size + length:
            self.replace("broken")
            return
        if len(self.heard) < HEAD.size + length:
            return
        answer = bytes(self.heard[HEAD.size:])
        self.heard.clear()
        if not self.executing or NUMBER.unpack_from(answer)[0] != self.executing:
            self.replace("broken")
            return
        self.drain()
        self.send(b"d", answer)
        self.executing = 0

    def await_end(self):
        """The child has closed the descriptor, most often because it ends; if it does not, it can't answer any more."""
        for _ in range(50):
            if self.reap():
                return
            time.sleep(0.001)
        self.replace("broken")

    def reap(self):
        """Buries who has ended; true if the child has, and another was begun."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return False
            if pid == 0:
                return False
            if pid == self.child:
                self.bury(status, "ended")
                return True

    def replace(self, why):
        signal_all([self.child], signal.SIGKILL)
        self.bury(os.waitpid(self.child, 0)[1], why)

    def bury(self, status, why):
        end_descendants()
        for fd in list(self.pipes):
            while self.forward(fd, 1 << 16):
                pass
        close(self.orders, self.answers, *self.pipes)
        number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        obituary = '{"why":"%s","exit_code":%d,"signal":%d,"idle":%s}' % (
            why, 0 if number else os.WEXITSTATUS(status), number, "false" if self.executing else "true")
        self.fork()
        if self.executing:
            self.lose(obituary)
        else:
            self.obituary = obituary

    def lose(self, obituary):
        self.send(b"l", NUMBER.pack(self.executing), obituary.encode())
        self.executing, self.obituary = 0, None

    def fork(self):
        orders_read, self.orders = os.pipe()
        self.answers, answers_write = os.pipe()
        out, out_write = os.pipe()
        err, err_write = os.pipe()
        self.child = self.try_to_fork()
        if self.child == 0:
            raise InChild(orders_read, answers_write, out_write, err_write)
        close(orders_read, answers_write, out_write, err_write)
        os.set_blocking(out, False)
        os.set_blocking(err, False)
        self.pipes = {out: b"o", err: b"e"}
        self.heard = bytearray()

    @staticmethod
    def try_to_fork():
        for _ in range(100):
            try:
                return os.fork()
            except (BlockingIOError, MemoryError, OSError):
                time.sleep(0.01)  # what was just ended may still count
        return os.fork()


# --- the child --------------------------------------------------------------------------------------------------------

def quiet(*_):
    """An interrupt between two executions. (Not ignored: programs that threads start would inherit that.)"""


class Loop:
    """The one event loop of an interpreter: from when asyncio is loaded, by whomever, until the interpreter ends. Code that awaits nothing is not
    run by it, so that it can run loops of its own; but what asks for the running one is given this, which turns as soon as that code is done."""

    def __init__(self):
        self.loop = self.native = self.module = None
        self.pid, self.thread = os.getpid(), _thread.get_ident()
        if "asyncio" in sys.modules:
            self.adopt(sys.modules["asyncio"])
        else:
            sys.meta_path.insert(0, self)

    def find_spec(self, name, path=None, target=None):
        if name != "asyncio":
            return None
        sys.meta_path.remove(self)
        spec = _frozen_importlib._find_spec(name, path)
        if spec is not None and hasattr(spec.loader, "exec_module"):
            execute = spec.loader.exec_module

            def execute_and_adopt(module):
                execute(module)
                self.adopt(module)
            spec.loader.exec_module = execute_and_adopt
        return spec

    def adopt(self, module):
        self.module, self.native = module, module.events.get_running_loop

        def get_running_loop():
            try:
                return self.native()
            except RuntimeError:
                if not self.is_here():
                    raise
                return self.get()
        get_running_loop.__doc__ = self.native.__doc__
        module.get_running_loop = module.events.get_running_loop = get_running_loop
        if self.is_here():
            self.be_current()

    def is_here(self):
        return _thread.get_ident() == self.thread and os.getpid() == self.pid

    def get(self):
        if self.module is None:
            import asyncio  # noqa: F401
        if self.loop is None or self.loop.is_closed():
            self.loop = self.module.new_event_loop()
            self.module.set_event_loop(self.loop)
        return self.loop

    def be_current(self):
        """Before an execution: the one before may have run another, which leaves none behind."""
        if self.module is None:
            return
        loop = self.get()
        try:
            if not self.module.get_event_loop().is_closed():
                return
        except RuntimeError:
            pass
        self.module.set_event_loop(loop)

    def turn_until_readable(self, fd):
        """Between two executions: what they have begun goes on."""
        while self.loop is not None and not self.loop.is_closed() and not select.select([fd], [], [], 0)[0]:
            try:
                self.loop.add_reader(fd, self.loop.stop)
                self.loop.run_forever()
            except BaseException:  # noqa: B902
                print_error(sys.exc_info()[1])
            finally:
                if not self.loop.is_closed():
                    self.loop.remove_reader(fd)


class Interpreter:
    FUTURES = 0
    for _name in __future__.all_feature_names:
        FUTURES |= getattr(__future__, _name).compiler_flag
    COROUTINE = 0x80

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
        base = max(12, min(1000, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 8))
        null = os.open("/dev/null", os.O_RDONLY)
        self.orders, self.answers, *copies = (
            fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, base) for fd in (orders, answers, null, out, err))
        self.standard = list(enumerate(copies))
        for fd, copy in self.standard:
            os.dup2(copy, fd)
        os.closerange(3, base)
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
            piece = os.read(self.orders, 1 << 18)
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
                write_all(self.answers, HEAD.pack(b"d", len(answer)) + answer)
            except OSError:
                while True:
                    time.sleep(60)  # the code has closed the descriptor; the supervisor has seen it, and says so

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


# --- what is said of values and errors --------------------------------------------------------------------------------

def text_json(text):
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-8", "replace").decode()
    return quote(text)


def answer_of(text=None, json=None, error=None):
    fields = []
    if text is not None:
        fields.append('"text":' + text_json(text))
    if json is not None:
        fields.append('"value":' + json)
    if error is not None:
        fields.append('"error":{"type":%s,"message":%s,"traceback":%s}' % tuple(map(text_json, error)))
    return "{%s}" % ",".join(fields)


class NotJson(Exception):
    """A value that JSON can't say, or not within its bounds."""


def to_json(value):
    """A value as JSON; None where that would say something else than the value, or would be too large."""
    pieces = []
    try:
        write_json(value, pieces, [LARGEST_JSON], 0)
    except (NotJson, RecursionError, UnicodeEncodeError, ValueError):
        return None
    return "".join(pieces)


def write_json(value, pieces, room, depth):
    kind = type(value)
    if kind is str:
        if len(value) > room[0]:
            raise NotJson
        value.encode()
        piece = quote(value)
    elif kind is bool:
        piece = "true" if value else "false"
    elif value is None:
        piece = "null"
    elif kind is int or kind is float and value - value == 0:
        piece = repr(value)
    elif kind is list or kind is tuple:
        if depth == DEEPEST_JSON:
            raise NotJson
        mark = "["
        for item in value:
            pieces.append(mark)
            write_json(item, pieces, room, depth + 1)
            mark = ","
        piece = "]" if value else "[]"
    elif kind is dict:
        if depth == DEEPEST_JSON:
            raise NotJson
        mark = "{"
        for key, item in value.items():
            if type(key) is not str:
                raise NotJson
            pieces.append(mark)
            write_json(key, pieces, room, depth)
            pieces.append(":")
            write_json(item, pieces, room, depth + 1)
            mark = ","
        piece = "}" if value else "{}"
    else:
        raise NotJson
    room[0] -= len(piece) + 1
    if room[0] < 0:
        raise NotJson
    pieces.append(piece)


def name_of(kind):
    return kind.__qualname__ if kind.__module__ in ("builtins", "__main__") else kind.__module__ + "." + kind.__qualname__


def describe(error):
    """Type, message and traceback, as user code alone would have them."""
    kind = type(error)
    try:
        message = str(error)
    except Exception:
        message = "<exception str() failed>"
    if isinstance(error, SyntaxError) and error.text is None and error.filename and error.lineno:
        error.text = linecache.getline(error.filename, error.lineno) or None  # the compiler itself looks for a file only
    lines = traceback.format_exception(kind, error, without_us(error.__traceback__))
    return name_of(kind), message[:LARGEST_ERROR], "".join(lines)[-LARGEST_ERROR:]


def print_error(error):
    try:
        sys.stderr.write(describe(error)[2])
    except BaseException:  # noqa: B902
        pass


def suspended_at(coroutine, traceback_type):
    """Where a coroutine waits, as a traceback: an interrupt meets the loop, which is none of the user's concern."""
    frames, trace = [], None
    while coroutine is not None:
        frame = getattr(coroutine, "cr_frame", None) or getattr(coroutine, "gi_frame", None)
        if frame is None:
            break
        frames.append(frame)
        coroutine = getattr(coroutine, "cr_await", None) or getattr(coroutine, "gi_yieldfrom", None)
    for frame in reversed(frames):
        trace = traceback_type(trace, frame, max(frame.f_lasti, 0), frame.f_lineno)
    return trace


def without_us(trace):
    own = [Interpreter.run.__code__.co_filename]
    if "asyncio" in sys.modules:
        own.append(os.path.dirname(sys.modules["asyncio"].__file__) + os.sep)
    while trace is not None and trace.tb_frame.f_code.co_filename.startswith(tuple(own)):
        trace = trace.tb_next
    return trace


def main():
    supervisor = Supervisor()
    try:
        supervisor.serve()
    except InChild as child:
        ends = child.args
    Interpreter(supervisor, *ends).live()


main()
