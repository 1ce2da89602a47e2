"""Where the agent starts."""
import errno
import fcntl
import os
from .agent import Agent
from .cells.choice import choose_cell
from .child import become_task
from .frames import Channel
from .linux.calls import SetupError
from .script.launch import prepare_script
from .task import InTask

CHANNEL_FDS = 64  # from here on are those of the channel


def explain(error):
    """What a person can do about a sandbox that can't be built."""
    number = getattr(error, "errno", None)
    if number in (errno.EPERM, errno.EACCES, errno.ENOSPC, errno.EINVAL):
        return ("%s. The sandbox needs user namespaces: run as root, or allow them (sysctl kernel.unprivileged_userns_clone=1, "
                "user.max_user_namespaces>0; on Ubuntu kernel.apparmor_restrict_unprivileged_userns=0), and give a container "
                "that Executor runs in --security-opt seccomp=unconfined, apparmor=unconfined and systempaths=unconfined" % error)
    return str(error)


def open_channel():
    """The standard streams, moved to where no task inherits them."""
    channel = Channel(fcntl.fcntl(0, fcntl.F_DUPFD_CLOEXEC, CHANNEL_FDS), fcntl.fcntl(1, fcntl.F_DUPFD_CLOEXEC, CHANNEL_FDS))
    null = os.open("/dev/null", os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    os.close(null)
    return channel


def start():
    """Serves until the other side goes. Returns in a forked child only: the caller has no frame below it, and ends."""
    channel = open_channel()
    config, _ = channel.receive()
    if config is None:
        os._exit(0)
    try:
        try:
            os.setsid()  # out of reach of the terminal's signals
        except PermissionError:
            pass  # already a session leader
        cell = choose_cell(config)
        agent = Agent(channel, config, cell)
        cell.settle(channel)
        agent.serve()
        os._exit(0)
    except InTask as child:
        control, status = child.control, child.status
    except (OSError, SetupError) as error:
        channel.send({"op": "error", "message": explain(error)})
        os._exit(1)
    prepare_script(agent.launch, become_task(cell, control, status))
