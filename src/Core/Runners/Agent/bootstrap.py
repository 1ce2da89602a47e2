import os, sys
sys.path.insert(0, os.environ["EXECUTOR_AGENT_DIR"])
import executor_agent as agent
del sys.path[0], sys.modules["executor_agent"]
source, path, scope = agent.start()
try:
    exec(compile(source, path, "exec", dont_inherit=True), scope.pop())
    code = 0
except BaseException as error:
    code = agent.report_exception(error)
agent.finish(code)
