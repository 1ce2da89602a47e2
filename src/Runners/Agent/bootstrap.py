import gc
gc.disable()
import sys
while "" in sys.path:
    sys.path.remove("")  # nothing is to be found in the folder it happens to be started in
import os
sys.path.insert(0, os.environ["EXECUTOR_AGENT_DIR"])
import executor_agent as agent
del sys.path[0], sys.modules["executor_agent"]
agent.start()
