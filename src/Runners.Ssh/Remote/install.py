"""Makes a virtual environment on this host and installs packages into it.

Sent over the connection and read from standard input, it is told what to do by one JSON object and tells how it goes by one a line.
When its input ends before it is done, it was cancelled or the connection was lost: what it started is ended, what it made is removed.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading

MADE = 0.2       # how far it is when the environment is there,
UNPACKING = 0.8  # and when everything is downloaded
lock = threading.Lock()
running = None    # what was started and is to be ended with us
cancelled = False


class Failed(Exception):
    pass


def say(**message):
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def run(argv, on_line):
    """Runs a program, a line of its output at a time; what it printed last if it failed, else null."""
    global running
    with lock:
        if cancelled:
            raise Failed("it was cancelled")
        running = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
    last = []
    for line in running.stdout:
        text = line.decode("utf-8", "replace").rstrip()
        if text:
            last = last[-7:] + [text]
            on_line(text)
    return "\n".join(last) if running.wait() else None


def end_running():
    """With whatever it started, too."""
    if running is not None and running.poll() is None:
        try:
            os.killpg(running.pid, signal.SIGKILL)
        except OSError:
            pass  # it has just ended


def make(python, path):
    say(progress=0.01, log="making the environment %s with %s" % (path, python))
    problem = run([python, "-I", "-m", "venv", path], lambda line: None)
    if problem is not None:
        if "ensurepip" in problem:
            raise Failed("the host's Python can't make environments: apt-get install -y python3-venv there")
        raise Failed("the environment can't be made: " + problem)


def install(path, packages):
    collected = [0]

    def follow(line):
        progress = None
        if line.startswith("Collecting "):
            collected[0] += 1
            progress = MADE + (UNPACKING - MADE) * collected[0] / (collected[0] + len(packages))
        elif line.startswith("Installing collected packages"):
            progress = UNPACKING
        say(progress=progress, log=line)

    problem = run([os.path.join(path, "bin", "python"), "-I", "-m", "pip", "install", "--disable-pip-version-check", "--no-input",
                   "--progress-bar", "off"] + packages, follow)
    if problem is not None:
        errors = [line for line in problem.split("\n") if line.startswith("ERROR: ")]
        raise Failed("pip can't install %s: %s" % (", ".join(packages), "\n".join(errors or [problem])))


def work(head):
    path = os.path.abspath(os.path.expanduser(head["path"]))
    python = head["python"] or sys.executable
    is_new = not os.path.exists(path)
    try:
        if not is_new and os.listdir(path) and not os.path.exists(os.path.join(path, "pyvenv.cfg")):
            raise Failed("%s is there already and is not a virtual environment: give another path" % path)
        try:
            if not os.path.exists(os.path.join(path, "bin", "python")):
                make(python, path)
            say(progress=MADE, log="the environment %s is there" % path)
            if head["packages"]:
                install(path, head["packages"])
        except BaseException:
            end_running()
            if is_new:
                shutil.rmtree(path, ignore_errors=True)
            raise
    except (Failed, OSError) as error:
        say(problem=str(error))
    else:
        say(python=os.path.join(path, "bin", "python"))


def watch():
    """The end of the input is the end of whoever asked."""
    global cancelled
    sys.stdin.buffer.read()
    with lock:
        cancelled = True
        end_running()


introduction = json.loads(sys.stdin.buffer.readline())
threading.Thread(target=watch, daemon=True).start()
try:
    work(introduction)
except BrokenPipeError:
    pass  # nobody is left to be told; what was made is removed
os._exit(0)
