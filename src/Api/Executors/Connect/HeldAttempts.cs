using System.Collections.Concurrent;
using Executor.Executors.Protocol;
using Executor.Scheduling;

namespace Executor.Api.Executors.Connect;

/// <summary>The attempts that an executor was given and how much of each one's output has arrived. What it says of others doesn't count.</summary>
internal sealed class HeldAttempts
{
    private readonly ConcurrentDictionary<TaskAttempt, long> _seqs = [];

    public void Add(TaskAttempt task) => _seqs.TryAdd(task, 0);

    public void Remove(TaskAttempt task) => _seqs.TryRemove(task, out _);

    /// <summary>Takes over what an earlier connection of the executor knows of these attempts.</summary>
    public void Continue(HeldAttempts? earlier, IEnumerable<TaskAttempt> running)
    {
        foreach (TaskAttempt task in running)
        {
            _seqs[task] = earlier?._seqs.GetValueOrDefault(task) ?? 0;
        }
    }

    /// <summary>Whether the piece is of an attempt it holds and was not here before; notes it.</summary>
    public bool TryTake(OutputFrame piece)
    {
        if (!_seqs.TryGetValue(piece.Task, out long last) || piece.Seq <= last)
        {
            return false;
        }

        return _seqs.TryUpdate(piece.Task, piece.Seq, last);
    }

    /// <summary>How far each of these attempts' output has arrived.</summary>
    public IReadOnlyList<ReceivedOutput> Received(IEnumerable<TaskAttempt> running) =>
        [.. from task in running let seq = _seqs.GetValueOrDefault(task) where seq > 0 select new ReceivedOutput(task.TaskId, task.Attempt, seq)];
}
