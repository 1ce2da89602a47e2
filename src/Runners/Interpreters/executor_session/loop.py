"""The event loop of an interpreter."""
import _frozen_importlib
import _thread
import os
import select
import sys
from .errors import print_error


class Loop:
    """The one event loop of an interpreter: from when asyncio is loaded, by whomever, until the interpreter ends. Code that awaits nothing is not
    run by it, so that it can run loops of its own; but what asks for the running one is given this, which turns as soon as that code is done."""

    def __init__(self):
        self.loop = self.native = self.module = None
        self.pid, self.thread = os.getpid(), _thread.get_ident()
        if "asyncio" in sys.modules:
            self.adopt(sys.modules["asyncio"])
        else:
            sys.meta_path.insert(0, self)

    def find_spec(self, name, path=None, target=None):
        if name != "asyncio":
            return None
        sys.meta_path.remove(self)
        spec = _frozen_importlib._find_spec(name, path)
        if spec is not None and hasattr(spec.loader, "exec_module"):
            execute = spec.loader.exec_module

            def execute_and_adopt(module):
                execute(module)
                self.adopt(module)
            spec.loader.exec_module = execute_and_adopt
        return spec

    def adopt(self, module):
        self.module, self.native = module, module.events.get_running_loop

        def get_running_loop():
            try:
                return self.native()
            except RuntimeError:
                if not self.is_here():
                    raise
                return self.get()
        get_running_loop.__doc__ = self.native.__doc__
        module.get_running_loop = module.events.get_running_loop = get_running_loop
        if self.is_here():
            self.be_current()

    def is_here(self):
        return _thread.get_ident() == self.thread and os.getpid() == self.pid

    def get(self):
        if self.module is None:
            import asyncio  # noqa: F401
        if self.loop is None or self.loop.is_closed():
            self.loop = self.module.new_event_loop()
            self.module.set_event_loop(self.loop)
        return self.loop

    def be_current(self):
        """Before an execution: the one before may have run another, which leaves none behind."""
        if self.module is None:
            return
        loop = self.get()
        try:
            if not self.module.get_event_loop().is_closed():
                return
        except RuntimeError:
            pass
        self.module.set_event_loop(loop)

    def turn_until_readable(self, fd):
        """Between two executions: what they have begun goes on."""
        while self.loop is not None and not self.loop.is_closed() and not select.select([fd], [], [], 0)[0]:
            try:
                self.loop.add_reader(fd, self.loop.stop)
                self.loop.run_forever()
            except BaseException:  # noqa: B902
                print_error(sys.exc_info()[1])
            finally:
                if not self.loop.is_closed():
                    self.loop.remove_reader(fd)
