"""The interpreter of a session, for whoever speaks its frames on standard input and output (docs/sessions.md).

The standard library only, Python 3.8 or newer. The modules of this package, and those of the agent that deal with Linux, are bundled into
one file, session.py, when Executor is built (Bundles.targets has their order). Two processes:

  supervisor  what was started. It never runs user code and has no threads. Everything the session starts is below it, also what was
              orphaned, so that it can end all of it and fork another interpreter within milliseconds.
  child       the interpreter: executes code as `__main__`. Its descriptors 1 and 2 are pipes to the supervisor; what it is told and
              answers goes over two more, with high numbers. What comes out of it is never trusted.

A frame is one byte that says what it is, four bytes of length (big-endian), and that much content.

  to the supervisor     x  execute: number (4 bytes), most bytes of output of each stream (8 bytes), then in UTF-8
                           a name for tracebacks, a NUL, and the source
                        i  interrupt the execution of that number (4 bytes)
                        k  end the interpreter, if it executes that number (4 bytes) or the number is 0, and begin another
  from it               r  ready: at the start, and in answer to k of number 0
                        o  output, e  error output
                        d  the execution of that number (4 bytes) is done: JSON
                        l  the interpreter ended with the execution of that number (4 bytes), and there is another: JSON
"""
import gc
import sys

gc.disable()  # until there is an interpreter: nothing of what is made before is garbage
if sys.version_info < (3, 8):
    sys.exit("a session needs Python 3.8 or newer, this is %d.%d" % sys.version_info[:2])
