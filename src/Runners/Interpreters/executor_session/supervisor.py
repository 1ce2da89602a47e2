"""Starts interpreters, one after the other, and passes on what goes to them and comes from them."""
import _signal as signal
import fcntl
import gc
import mmap
import os
import select
import struct
import termios
import time
from executor_agent.linux.files import read_file, write_all
from executor_agent.linux.library import PR_SET_CHILD_SUBREAPER, PR_SET_DUMPABLE, prctl
from executor_agent.linux.processes import signal_all
from .endings import end_descendants
from .frames import DONE, ERROR_OUTPUT, EXECUTE, FRAME_BYTES, HEAD, LOST, NUMBER, OUTPUT, READY, TO_END, TO_EXECUTE, TO_INTERRUPT

LARGEST_ANSWER = 8 << 20    # of a child; what is larger is not from us
UNSENT = 1 << 20            # no more output is read while more than this waits to be sent
PIPE_BYTES = 1 << 16        # of one read of what is printed
WAKE_BYTES = 1 << 12        # more than the signals that there may be
INTERRUPT_MILLISECONDS = 1  # how often it is looked whether the child has come to what is to be interrupted
ENDS_WITHIN, END_PAUSE = 50, 0.001  # looks at a child that has closed its answers, and seconds between them
FORKS, FORK_PAUSE = 100, 0.01       # tries, and seconds between them
FIRST_TO_GO, LATER_TO_GO = 900, "500"  # priorities when the kernel looks for memory
COUNT = struct.Struct("i")


def close(*fds):
    for fd in fds:
        try:
            os.close(fd)
        except OSError:
            pass


class InChild(BaseException):
    """Raised in a forked child, to leave every frame of the supervisor before anything else happens."""


class Supervisor:
    def __init__(self):
        prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
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
        self.room = {OUTPUT: 0, ERROR_OUTPUT: 0}
        self.early = []             # what was printed since the last execution
        self.obituary = None        # of a child that ended between two executions

    @staticmethod
    def spare():
        """Where processes here are the first that the kernel ends for memory, the children shall be, and this one later."""
        try:
            own = read_file("/proc/self/oom_score_adj")
            if int(own) >= FIRST_TO_GO:
                with open("/proc/self/oom_score_adj", "w") as file:
                    file.write(LATER_TO_GO)
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
                del self.unsent[:os.write(self.output, self.unsent[:FRAME_BYTES])]
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
        gc.enable()
        self.fork()
        self.send(READY)
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
            ready = [fd for fd, _ in poll.poll(INTERRUPT_MILLISECONDS if self.interrupting else None)]
            for fd in list(self.pipes):
                if fd in ready:
                    self.forward(fd, PIPE_BYTES)
            if self.answers in ready:
                self.listen()
            if self.wake in ready:
                os.read(self.wake, WAKE_BYTES)
                self.reap()
            if self.input in ready:
                piece = os.read(self.input, FRAME_BYTES)
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
            if kind == TO_EXECUTE:
                self.execute(number, EXECUTE.unpack_from(content)[1], content[EXECUTE.size:])
            elif number == self.executing and kind == TO_INTERRUPT:
                self.interrupting = True
            elif kind == TO_END and number in (0, self.executing):
                self.replace("killed")
                if number == 0:
                    self.obituary = None
                    self.send(READY)

    def interrupt(self):
        """Once the child is at that execution: before, it would not know what the signal is about."""
        if not self.executing:
            self.interrupting = False
        elif NUMBER.unpack_from(self.begun)[0] == self.executing:
            self.interrupting = False
            signal_all([self.child], signal.SIGINT)

    def execute(self, number, most, source):
        self.executing = number
        self.room = {OUTPUT: most, ERROR_OUTPUT: most}
        early, self.early = self.early, []
        for kind, piece in early:
            self.print(kind, piece)
        if self.obituary is None:
            try:
                write_all(self.orders, HEAD.pack(TO_EXECUTE, NUMBER.size + len(source)) + NUMBER.pack(number) + source)
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
            count = COUNT.unpack(fcntl.ioctl(fd, termios.FIONREAD, bytes(COUNT.size)))[0]
            if count:
                self.forward(fd, count)

    def listen(self):
        """An answer of the child, or of user code that has found the descriptor."""
        piece = os.read(self.answers, FRAME_BYTES)
        if not piece:
            self.await_end()
            return
        self.heard += piece
        if len(self.heard) < HEAD.size:
            return
        kind, length = HEAD.unpack_from(self.heard)
        if kind != DONE or not NUMBER.size <= length <= LARGEST_ANSWER or len(self.heard) > HEAD.size + length:
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
        self.send(DONE, answer)
        self.executing = 0

    def await_end(self):
        """The child has closed the descriptor, most often because it ends; if it does not, it can't answer any more."""
        for _ in range(ENDS_WITHIN):
            if self.reap():
                return
            time.sleep(END_PAUSE)
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
            while self.forward(fd, PIPE_BYTES):
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
        self.send(LOST, NUMBER.pack(self.executing), obituary.encode())
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
        self.pipes = {out: OUTPUT, err: ERROR_OUTPUT}
        self.heard = bytearray()

    @staticmethod
    def try_to_fork():
        for _ in range(FORKS):
            try:
                return os.fork()
            except (BlockingIOError, MemoryError, OSError):
                time.sleep(FORK_PAUSE)  # what was just ended may still count
        return os.fork()
