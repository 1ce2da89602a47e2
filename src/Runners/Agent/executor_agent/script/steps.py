"""Calls of C that the interpreter makes when a code object goes."""
import ctypes
from _operator import methodcaller
from _weakref import ref as Reference


class Step(Reference):
    """A weak reference that makes a call of C when its referent goes. Of several of one referent the last made is the first to do so."""


def prepare_step(code, call, *args):
    step = Step(code, methodcaller("call", *args))
    step.call = call
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(step))  # nobody else would hold it for so long
    return step
