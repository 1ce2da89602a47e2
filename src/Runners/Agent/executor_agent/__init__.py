"""The agent: builds the sandbox and runs processes in it, for whoever speaks its protocol on stdin and stdout.

docs/agent-protocol.md describes the frames, docs/sandbox.md what is isolated and how. The standard library only, Python 3.8 or newer.
The modules of this package are bundled into one file when Executor is built (Bundles.targets has their order), so that the agent can be
sent to any host that has an interpreter, and starts fast.

Processes, outermost first:

  outer   what was started: owns the cgroup, waits, and dies with its parent.
  agent   pid 1 of its own pid namespace, so whatever lives below it dies with it. Unprivileged on the host. Never runs user code.
  init    pid 1 of one task's pid namespace. Shares the agent's memory and sleeps in pause(2): it costs no copy of an
          interpreter, and killing it makes the kernel kill every process of the task.
  task    forked from the agent ahead of need, waiting behind a pipe for what to run. Another one beside it is forked when it is needed, and
          has an init of its own.

That is the cell made of namespaces (cells/namespaces.py). cells/container.py and cells/folder.py are the other places where a task can run.
"""
