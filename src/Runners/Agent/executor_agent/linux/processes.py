"""The processes that there are, as /proc tells it."""
import os
from .files import read_file

STATE, PARENT, USER_TIME, CHILDREN_SYSTEM_TIME, RESIDENT_PAGES = 0, 1, 11, 14, 21  # what status_of gives, by place


def status_of(pid):
    """What /proc tells of a process behind its name, which may hold anything.

    Raises OSError when there is no such process.
    """
    return read_file("/proc/%d/stat" % pid).rpartition(b")")[2].split()


def children(pid):
    """Those of every thread; a kernel that lists them is a matter of its configuration, but few don't."""
    try:
        return [int(child) for thread in os.listdir("/proc/%d/task" % pid)
                for child in read_file("/proc/%d/task/%s/children" % (pid, thread)).split()]
    except OSError:
        return []


def descendants(pid):
    """Every process below one, dead ones that nobody has waited for among them."""
    found, left = [], [pid]
    while left:
        below = children(left.pop())
        found += below
        left += below
    return found


def signal_all(pids, number, passed_over=OSError):
    """Signals each; an error of the kind that is passed over keeps no other from it."""
    for pid in pids:
        try:
            os.kill(pid, number)
        except passed_over:
            pass
