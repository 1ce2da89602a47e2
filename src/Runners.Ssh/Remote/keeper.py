"""Keeps a folder on this host for as long as a connection lasts, and answers questions about the host.

Sent over the connection and read from standard input, it is told what to do by one JSON object a line; the first is followed
by files for the folder. When the input ends, however the connection was lost, the agents that were started from the folder are
waited for, and ended if they don't end by themselves; then the folder is removed, so that nothing is left on the host.
Python 3.8 or newer.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

PREFIX = "executor-ssh-"
ENDS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGALRM)  # the last one: nothing was heard for too long
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
ASK_PYTHON = "import sys; print(sys.executable, sys.prefix, sys.base_prefix, '%d.%d.%d' % sys.version_info[:3], sep='\\n')"


def say(message):
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def process_folder(name):
    return int(name[len(PREFIX):].split("-")[0])


def sweep(parent):
    """Removes folders of ours whose keeper is gone: it was killed, or the host restarted."""
    for name in os.listdir(parent):
        path = os.path.join(parent, name)
        try:
            if name.startswith(PREFIX) and os.lstat(path).st_uid == os.geteuid() and not os.path.exists("/proc/%d" % process_folder(name)):
                shutil.rmtree(path, ignore_errors=True)
        except (OSError, ValueError):
            pass


def agents(folder):
    """The processes that were started from the folder and not by a task: those with its name in their first environment."""
    mark = ("EXECUTOR_AGENT_DIR=" + folder).encode() + b"\0"
    for name in os.listdir("/proc"):
        if name.isdigit() and int(name) != os.getpid():
            try:
                with open("/proc/%s/environ" % name, "rb") as file:
                    if mark in file.read():
                        yield int(name)
            except OSError:
                pass


def clean_up(folder):
    # They see the end of their own input, too; a second is long for them.
    kill_from = time.monotonic() + 1
    while True:
        left = list(agents(folder))
        if not left or time.monotonic() > kill_from + 5:
            break
        if time.monotonic() > kill_from:
            for pid in left:
                try:
                    os.kill(pid, signal.SIGKILL)
                except OSError:
                    pass
        time.sleep(0.01)
    sys.path.insert(0, folder)
    sys.dont_write_bytecode = True
    try:
        from executor_agent import MemoryCgroup
        for _, parent in MemoryCgroup.parents():
            MemoryCgroup.sweep(parent)
    except Exception:
        pass  # a host without control groups, or none that this user may remove
    for _ in range(50):
        shutil.rmtree(folder, ignore_errors=True)
        if not os.path.lexists(folder):
            break
        time.sleep(0.02)


def is_within(path, folder):
    return path == folder or path.startswith(folder + "/")


def for_prefix(prefix):
    """What to show of a prefix so that a program runs, without showing somebody's home or the whole host."""
    private = prefix.count("/") < 2 or os.path.dirname(prefix) == "/home" or os.path.basename(prefix) == ".local" or prefix == os.path.expanduser("~")
    return [os.path.join(prefix, "bin"), os.path.join(prefix, "lib")] if private else [prefix]


def for_binary(path):
    folder = os.path.dirname(path)
    return for_prefix(os.path.dirname(folder)) if os.path.basename(folder) == "bin" else [folder]


def outside(folders):
    """What of these the system's own folders don't hold anyway: none inside another."""
    kept = []
    for folder in sorted(set(folders)):
        if os.path.isdir(folder) and not any(is_within(folder, outer) for outer in SYSTEM + tuple(kept)):
            kept.append(folder)
    return kept


def ask(*argv):
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=10)
    if done.returncode:
        raise OSError(done.stderr.decode("utf-8", "replace").strip()[-200:] or "it ended with exit code %d" % done.returncode)
    return done.stdout.decode("utf-8", "replace").split("\n")


def look(path, family):
    """What an executable is: its path, and the folders it reads."""
    if family != "python":
        real = os.path.realpath(path)
        return {"path": path, "folders": outside(for_binary(path) + for_binary(real))}
    program, prefix, base, version = ask(path, "-I", "-c", ASK_PYTHON)[:4]
    if not version.startswith("3."):
        raise OSError("it is Python " + version)
    folders = for_prefix(prefix) + for_prefix(base) + for_binary(os.path.realpath(program))
    return {"path": program, "folders": outside(folders)}


def find(names, family):
    problem = None
    for name in names:
        path = shutil.which(os.path.expanduser(name))
        if path:
            try:
                return look(os.path.abspath(path), family)
            except (OSError, ValueError, subprocess.SubprocessError) as error:
                problem = problem or "'%s' can't be used: %s" % (path, error)
    if problem:
        return {"problem": problem}
    if len(names) == 1 and "/" in names[0]:
        return {"problem": "'%s' %s" % (names[0], "is not an executable file" if os.path.exists(names[0]) else "does not exist")}
    return {"problem": ", ".join(names) + ": not found on PATH"}


def serve(source, silence):
    signal.alarm(silence)
    for line in source:
        signal.alarm(silence)
        message = json.loads(line)
        if message["op"] == "find":
            say(find(message["names"], message["family"]))
        else:
            say({})


def leave(*_):
    raise SystemExit


def main():
    source = sys.stdin.buffer
    head = json.loads(source.readline())
    files = {name: source.read(size) for name, size in head["files"].items()}
    if sys.version_info < (3, 8):
        say({"problem": "its Python is %d.%d, and 3.8 or newer is needed" % sys.version_info[:2], "setting": "code_executor_path"})
        return
    for number in ENDS:
        signal.signal(number, leave)
    parent = os.path.expanduser(head["work_dir"] or tempfile.gettempdir())
    try:
        if head["work_dir"]:
            os.makedirs(parent, exist_ok=True)
        sweep(parent)
        folder = tempfile.mkdtemp(prefix="%s%d-" % (PREFIX, os.getpid()), dir=parent)
    except OSError as error:
        say({"problem": "no folder can be made in %s: %s" % (parent, error.strerror), "setting": "work_dir"})
        return
    try:
        for name, content in files.items():
            with open(os.path.join(folder, name), "wb") as file:
                file.write(content)
        say({"folder": folder, "python": sys.executable, "version": "%d.%d.%d" % sys.version_info[:3]})
        serve(source, head["silence_sec"])
    except OSError as error:
        say({"problem": "%s can't be written: %s" % (folder, error.strerror), "setting": "work_dir"})
    finally:
        for number in ENDS:
            signal.signal(number, signal.SIG_IGN)
        clean_up(folder)


try:
    main()
except BrokenPipeError:
    os._exit(0)  # the connection is gone; the folder is, too
