using Executor.Executors;
using Executor.Scheduling;

namespace Executor.Engine.Board;

/// <summary>The executors that are registered, by id: the latest registration of each.</summary>
internal sealed class RegisteredExecutors
{
    private readonly Dictionary<string, BoardExecutor> _executors = [];

    public IEnumerable<BoardExecutor> All => _executors.Values;

    public BoardExecutor? Find(string executorId) => _executors.GetValueOrDefault(executorId);

    public bool IsCurrent(BoardExecutor executor) => ReferenceEquals(Find(executor.Id), executor);

    public void Set(BoardExecutor executor) => _executors[executor.Id] = executor;

    public BoardExecutor? Remove(string executorId) => _executors.Remove(executorId, out BoardExecutor? executor) ? executor : null;

    /// <summary>What clients see of them.</summary>
    public IReadOnlyList<ExecutorInfo> Describe(IReadOnlyList<ExecutorSnapshot> snapshots, DateTimeOffset now)
    {
        return [.. snapshots.Select(snapshot => Info(snapshot, _executors[snapshot.ExecutorId]))];

        ExecutorInfo Info(ExecutorSnapshot snapshot, BoardExecutor executor) => new()
        {
            Registration = executor.Registration,
            Status = executor.Status,
            QuarantinedUntil = executor.Trouble.QuarantinedUntil,
            LastFailure = executor.Trouble.Failures > 0 ? executor.Trouble.LastFailure : null,
            Running = snapshot.Held,
            Load = snapshot.Load,
            RegisteredAt = executor.RegisteredAt,
            LastSeenAt = executor.Lease is null ? now : executor.LastSeenAt,
        };
    }
}
