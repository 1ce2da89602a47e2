using Executor.Executors;
using Executor.Jobs;
using Executor.Sessions;

namespace Executor.Execution;

/// <summary>Services put together to one.</summary>
public sealed record ExecutionServices(ITaskService Tasks, ISessionService Sessions, IJobService Jobs, IExecutorRegistry Executors) : IExecutionService;
