namespace Executor.Engine.Board;

/// <summary>
/// The time after a restart in which nothing is given out, so that executors that outlived the process before can come back with what they
/// run. It ends when all that were known are back, or after its window.
/// </summary>
internal sealed class Recovery
{
    private readonly Dictionary<string, BoardTask> _unclaimed = [];
    private readonly HashSet<string> _awaited = [];

    /// <summary>When it ends at the latest; null: there is none.</summary>
    public DateTimeOffset? EndsAt { get; private set; }

    public bool IsActive => EndsAt is not null;

    /// <summary>A task that ran when the process before ended.</summary>
    public void Add(BoardTask task) => _unclaimed.Add(task.TaskId, task);

    /// <summary>Begins to wait for executors.</summary>
    public void Begin(IEnumerable<string> executors, DateTimeOffset endsAt)
    {
        _awaited.UnionWith(executors);
        EndsAt = endsAt;
    }

    public void ExecutorIsBack(string executorId) => _awaited.Remove(executorId);

    /// <summary>Somebody has come back with a task, or it has ended.</summary>
    public void Claim(string taskId) => _unclaimed.Remove(taskId);

    public bool IsOver(DateTimeOffset now) => now >= EndsAt || _awaited.Count == 0;

    /// <summary>Ends it.</summary>
    /// <returns>The tasks that nobody has come back with, and the executors that have not come back.</returns>
    public (IReadOnlyList<BoardTask> Unclaimed, IReadOnlyList<string> Absent) End()
    {
        (IReadOnlyList<BoardTask>, IReadOnlyList<string>) rest = ([.. _unclaimed.Values], [.. _awaited]);
        _unclaimed.Clear();
        _awaited.Clear();
        EndsAt = null;
        return rest;
    }
}
