using Executor.Executors;
using Executor.Scheduling;
using Executor.Tasks;

namespace Executor.Engine.Board;

/// <summary>An executor as it sees itself: it outlives boards, and knows what it was told.</summary>
internal sealed class SimulatedExecutor(string id, IReadOnlyList<string> capabilities, TimeSpan? lease) : IExecutorLink
{
    public string Id { get; } = id;

    public IReadOnlyList<string> Capabilities { get; } = capabilities;

    public TimeSpan? Lease { get; } = lease;

    /// <summary>What it was told to run and has not reported.</summary>
    public List<TaskAttempt> Running { get; } = [];

    /// <summary>What it was told to stop.</summary>
    public HashSet<TaskAttempt> Stopped { get; } = [];

    /// <summary>Its registration, which may not count any more; null: it never had one at this board.</summary>
    public BoardExecutor? Registration { get; set; }

    /// <summary>The number of that registration.</summary>
    public long Number { get; private set; }

    public static TaskResult ResultOf(TaskAttempt attempt, AttemptOutcome outcome) => new()
    {
        TaskId = attempt.TaskId,
        Attempt = attempt.Attempt,
        Status = outcome switch
        {
            AttemptOutcome.Completed => ExecutionStatus.Completed,
            AttemptOutcome.Cancelled => ExecutionStatus.Cancelled,
            _ => ExecutionStatus.Failed,
        },
        Error = outcome switch
        {
            AttemptOutcome.Failed => new TaskError { Type = TaskErrorTypes.ExitCode, Message = "it failed" },
            AttemptOutcome.InfrastructureFailed => new TaskError { Type = TaskErrorTypes.AgentLost, Message = "we failed" },
            _ => null,
        },
    };

    /// <summary>Makes its next registration.</summary>
    public void Register(int maxTasks, long number, DateTimeOffset now)
    {
        ExecutorRegistration registration = new() { ExecutorId = Id, Host = "host", MaxTasks = maxTasks, Capabilities = Capabilities };
        (Registration, Number) = (new BoardExecutor(registration, registration.ToOffer(Lease), Lease, this, now), number);
    }

    public void Attach(IExecutorConnection connection)
    {
    }

    public void Send(ServerMessage message)
    {
    }
}
