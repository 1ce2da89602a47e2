"""What places have in common in which tasks are processes beside each other."""
import _signal as signal
import os
import time
from .cell import Cell
from ..linux.processes import STATE, descendants, signal_all, status_of

DEAD = (b"Z", b"X")
END_SECONDS = 0.0005   # processes end when they are next looked at by the kernel


class SharedCell(Cell):
    """The processes below the agent are those of its tasks: of a kept task those below its keeper, of the other one the rest."""

    needs_keepers = True

    def kill(self, task):
        if self.is_alone(task):
            self.kill_all()
        else:
            end_processes(lambda: self.tree(task))

    def kill_all(self):
        """Ends every process below the agent."""
        end_descendants()

    def sweep(self):
        self.kill_all()

    def processes(self, task):
        return self.tree(task)

    def tree(self, task):
        """The live processes of a task."""
        if task.keeper:
            return live_descendants(task.keeper)
        others = set()
        for other in self.company:
            if other.keeper:
                others.add(other.keeper)
                others.update(descendants(other.keeper))
        return [pid for pid in live_descendants() if pid not in others]


def is_dead(pid):
    try:
        return status_of(pid)[STATE] in DEAD
    except OSError:
        return True


def live_descendants(pid=None):
    """Those of a process; of this one, if it is not named."""
    return [below for below in descendants(pid or os.getpid()) if not is_dead(below)]


def end_descendants():
    """Ends every process below this one; they can't leave it, as orphans are given to it."""
    end_processes(live_descendants)


def end_processes(find):
    """Ends those that are found until none is. Stopped first: they could fork on."""
    while True:
        found = find()
        if not found:
            return
        for number in (signal.SIGSTOP, signal.SIGKILL):
            signal_all(found, number, ProcessLookupError)  # what we may not end is an error, and nothing to wait for
        time.sleep(END_SECONDS)
