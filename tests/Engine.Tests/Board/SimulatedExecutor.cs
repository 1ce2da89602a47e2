using Executor.Executors;
using Executor.Scheduling;

namespace Executor.Engine.Board;

/// <summary>An executor as it sees itself: it outlives boards, and knows what it was told.</summary>
internal sealed class SimulatedExecutor(string id, bool hasTag, TimeSpan? lease) : IExecutorLink
{
    public string Id { get; } = id;

    public bool HasTag { get; } = hasTag;

    public TimeSpan? Lease { get; } = lease;

    /// <summary>What it was told to run and has not reported.</summary>
    public List<TaskAttempt> Running { get; } = [];

    /// <summary>What it was told to stop.</summary>
    public HashSet<TaskAttempt> Stopped { get; } = [];

    /// <summary>Its registration, which may not count any more; null: it never had one at this board.</summary>
    public BoardExecutor? Registration { get; set; }

    /// <summary>The number of that registration.</summary>
    public long Number { get; set; }

    public void Attach(IExecutorConnection connection)
    {
    }

    public void Run(TaskAssignment assignment)
    {
    }

    public void Cancel(TaskAttempt task)
    {
    }

    public void Drain()
    {
    }

    public void Close(string reason)
    {
    }
}
