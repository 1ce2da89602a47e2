"""What happens to the processes that run, and who is told."""
import select
import time


class Pump:
    """Waits for the processes of a workspace, and for whoever speaks to the agent."""

    # Small pieces of output wait this long for one another: a print is two writes, and the end often follows at once.
    GATHER_SECONDS, LONGEST_GATHERING = 0.001, 0.01

    def __init__(self, channel):
        self.channel = channel
        self.poll = select.poll()
        self.poll.register(channel.read_fd, select.POLLIN)
        self.runs = {}  # by the descriptors that are listened to

    def listen(self, fd, run, events=select.POLLIN):
        self.poll.register(fd, events)
        self.runs[fd] = run

    def forget(self, fd):
        """No error if it is not listened to."""
        if self.runs.pop(fd, None) is not None:
            self.poll.unregister(fd)

    def turn(self, runs):
        """Waits until something happens, and hands it on; False when whoever speaks to the agent has gone."""
        now = time.monotonic()
        channel = self.channel
        oldest = None  # since when something waits to be passed on
        for run in runs:
            if run.gathered and (oldest is None or run.gathered_since < oldest):
                oldest = run.gathered_since
        held_back = oldest is not None or channel.unsent
        ready = self.poll.poll(1000 * (self.GATHER_SECONDS if held_back else min([run.wait(now) for run in runs])))
        for run in runs:
            if run.adopts:
                run.look()
        if held_back and (not ready or oldest is None or now > oldest + self.LONGEST_GATHERING):
            for run in runs:
                run.pass_on()
            channel.flush()
        for fd, _ in ready:
            if fd in self.runs:
                self.runs[fd].handle(fd)
            elif fd == channel.read_fd and not channel.fill():
                return False
        now = time.monotonic()
        for run in runs:
            if now >= run.watch_from:
                run.watch()
        return True
