import gc
gc.disable()
import sys
while "" in sys.path:
    sys.path.remove("")  # nothing is to be found in the folder it happens to be started in
import os
from _frozen_importlib_external import SourceFileLoader
def receive(size):
    data = b""
    while len(data) < size:
        piece = os.read(0, size - len(data))
        if not piece:
            os._exit(0)
        data += piece
    return data
agent = type(sys)("executor_agent")
agent.__loader__ = SourceFileLoader("executor_agent", "executor_agent.py")
exec(compile(receive(int.from_bytes(receive(4), "big")), "executor_agent.py", "exec"), agent.__dict__)
agent.start()
