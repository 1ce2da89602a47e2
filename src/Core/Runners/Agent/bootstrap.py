import os, sys
sys.path.insert(0, os.environ["EXECUTOR_AGENT_DIR"])
import executor_agent as agent
del sys.path[0], sys.modules["executor_agent"]
source, path, scope = agent.start()
try:
    exec(compile(source, path, "exec", dont_inherit=True), scope.pop())
    raised = []
except BaseException as error:
    raised = [error]
agent.finish(agent.report_exception(raised.pop()) if raised else 0)
