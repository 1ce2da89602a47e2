import gc
gc.disable()
import os, sys
sys.path.insert(0, os.environ["EXECUTOR_AGENT_DIR"])
import executor_agent as agent
del sys.path[0], sys.modules["executor_agent"]
agent.start()
