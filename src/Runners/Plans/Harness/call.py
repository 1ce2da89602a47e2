"""Calls one function of a task and writes its value to .executor/result.json.

Started in the task's working directory as the script of an ordinary interpreter (Python 3.8 or later, standard library only).
.executor/call.json says what to call: {"source": FILE or "module": NAME, "function": NAME, "params": {...}}.
The result file holds {"result": VALUE} or {"error": {"type", "message", "traceback"}}; it appears whole or not at all.
"""
import json
import os
import sys

LARGEST_RESULT = 16 * 1024 * 1024
LONGEST_TEXT = 256 * 1024


class Unfit(Exception):
    """The value can't be a result."""


def run():
    home = os.getcwd()
    folder = os.path.join(home, ".executor")
    with open(os.path.join(folder, "call.json"), encoding="utf-8") as file:
        call = json.load(file)
    owner = os.getpid()

    def write(outcome):
        # A child that the function forked and that came back here has no say.
        if os.getpid() != owner:
            return
        path = os.path.join(folder, "result.json")
        with open(path + ".part", "wb") as part:
            part.write(outcome)
        os.replace(path + ".part", path)

    try:
        write(encode(value_of(call, home), call["function"]))
    except Unfit as unfit:
        write(dump({"error": {"type": "result_error", "message": str(unfit)}}))
        print("executor: " + str(unfit), file=sys.stderr)
        sys.exit(1)
    except SystemExit:
        raise
    except BaseException as error:
        try:
            write(dump({"error": describe(error)}))
        except Exception:
            pass  # The traceback on standard error still tells.
        show_without_harness()
        raise


def value_of(call, home):
    if sys.path and os.path.basename(sys.path[0]) == ".executor":
        sys.path[0] = home
    else:
        sys.path.insert(0, home)
    import importlib

    # A warm interpreter may remember another folder that was at this path.
    importlib.invalidate_caches()
    if "source" in call:
        module = load_file(os.path.join(home, call["source"]), home, call["source"])
        where = call["source"]
    else:
        module = load_module(call["module"], home, importlib)
        where = call["module"]
    function = find(module, call["function"], where)
    return settle(function(**call["params"]))


def load_file(path, home, source):
    """Loads a script as a module named by its stem, which other processes can import too (pickle, multiprocessing)."""
    import importlib.machinery
    import importlib.util

    sys.argv[0] = source
    if os.path.dirname(path) != home:
        sys.path.insert(1, os.path.dirname(path))
    name = os.path.splitext(os.path.basename(path))[0].replace(".", "_")
    while name in sys.modules:
        name += "_"
    loader = importlib.machinery.SourceFileLoader(name, path)
    module = importlib.util.module_from_spec(importlib.util.spec_from_file_location(name, path, loader=loader))
    sys.modules[name] = module
    loader.exec_module(module)
    return module


def load_module(name, home, importlib):
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or not (name + ".").startswith(error.name + "."):
            raise
        there = sorted(entry for entry in os.listdir(home) if not entry.startswith("."))
        has = "it has: " + ", ".join(there[:20]) if there else "it is empty"
        raise ModuleNotFoundError(
            "No module named {!r} (looked in the working directory; {})".format(error.name, has), name=error.name
        ) from None
    sys.argv[0] = getattr(module, "__file__", None) or name
    return module


def find(module, name, where):
    value = module
    for part in name.split("."):
        try:
            value = getattr(value, part)
        except AttributeError:
            own = sorted(
                key
                for key, item in vars(module).items()
                if callable(item) and not key.startswith("_") and getattr(item, "__module__", None) == module.__name__
            )
            has = "its functions are: " + ", ".join(own) if own else "it defines none"
            raise AttributeError("{} has no function {!r}; {}".format(where, name, has)) from None
    if not callable(value):
        raise TypeError("{!r} in {} is no function but of type {}".format(name, where, type(value).__name__))
    return value


def settle(value):
    """Runs a coroutine to its end; a generator's value is the list of what it yields."""
    if hasattr(type(value), "__await__"):
        import asyncio

        async def finish():
            return await value

        return settle(asyncio.run(finish()))
    if type(value).__name__ == "generator":
        return list(value)
    if type(value).__name__ == "async_generator":
        import asyncio

        async def collect():
            return [item async for item in value]

        return asyncio.run(collect())
    return value


def dump(value):
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode("utf-8", "replace")


def encode(value, function):
    try:
        text = json.dumps({"result": value}, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        result = text.encode("utf-8")
    except (TypeError, ValueError, RecursionError) as error:
        raise Unfit("{}() must return JSON: {}".format(function, fault(value) or error)) from None
    if len(result) > LARGEST_RESULT:
        raise Unfit(
            "{}() returned {:.1f} MiB of JSON; the most is {} MiB (write a file and ask for it as an artifact)".format(
                function, len(result) / 1048576, LARGEST_RESULT // 1048576
            )
        )
    return result


def fault(value):
    """What keeps a value from being JSON, and where."""
    try:
        return first_fault(value, "result", ())
    except RecursionError:
        return "result is nested too deeply"


def first_fault(value, path, above):
    if isinstance(value, float):
        finite = value == value and value not in (float("inf"), float("-inf"))
        return None if finite else "{} is {}, which JSON has no number for".format(path, value)
    if isinstance(value, str):
        return "{} has a lone surrogate".format(path) if any("\ud800" <= c <= "\udfff" for c in value) else None
    if value is None or isinstance(value, (bool, int)):
        return None
    if not isinstance(value, (dict, list, tuple)):
        return "{} is of type {}".format(path, type(value).__name__)
    if id(value) in above:
        return "{} contains itself".format(path)
    for key, item in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(value, dict) and not (key is None or isinstance(key, (str, int, float, bool))):
            return "{} has a key of type {}".format(path, type(key).__name__)
        found = first_fault(item, "{}[{!r}]".format(path, key), above + (id(value),))
        if found:
            return found
    return None


def describe(error):
    import traceback

    kind = type(error)
    name = kind.__qualname__ if kind.__module__ in ("builtins", "__main__") else kind.__module__ + "." + kind.__qualname__
    try:
        message = str(error)
    except Exception:
        message = "<exception str() failed>"
    lines = traceback.format_exception(kind, error, without_harness(error.__traceback__))
    return {"type": name, "message": message[:LONGEST_TEXT], "traceback": "".join(lines)[-LONGEST_TEXT:]}


def show_without_harness():
    show = sys.excepthook

    def hook(kind, value, trace):
        trace = without_harness(trace)
        show(kind, value.with_traceback(trace), trace)

    sys.excepthook = hook


def without_harness(trace):
    own = [run.__code__.co_filename, "<frozen importlib"]
    if "asyncio" in sys.modules:
        own.append(os.path.dirname(sys.modules["asyncio"].__file__) + os.sep)
    while trace is not None and trace.tb_frame.f_code.co_filename.startswith(tuple(own)):
        trace = trace.tb_next
    return trace


if __name__ == "__main__":
    run()
