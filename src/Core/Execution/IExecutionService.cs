using Executor.Executors;
using Executor.Jobs;
using Executor.Sessions;

namespace Executor.Execution;

/// <summary>
/// Everything a client can ask for. The API, the command line and the dashboard know nothing else of what is behind it: the engine
/// (one process) or the cluster.
/// </summary>
public interface IExecutionService
{
    /// <summary>Tasks.</summary>
    ITaskService Tasks { get; }

    /// <summary>Stateful interpreters.</summary>
    ISessionService Sessions { get; }

    /// <summary>Long operations that are not user code.</summary>
    IJobService Jobs { get; }

    /// <summary>The executors there are.</summary>
    IExecutorRegistry Executors { get; }
}
