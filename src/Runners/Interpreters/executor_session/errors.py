"""What is said of errors: as user code alone would have them."""
import linecache
import os
import sys
import traceback

LARGEST_ERROR = 256 << 10   # characters of an error's message, and of its traceback


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
    own = [without_us.__code__.co_filename]  # this is one file when it runs
    if "asyncio" in sys.modules:
        own.append(os.path.dirname(sys.modules["asyncio"].__file__) + os.sep)
    while trace is not None and trace.tb_frame.f_code.co_filename.startswith(tuple(own)):
        trace = trace.tb_next
    return trace
