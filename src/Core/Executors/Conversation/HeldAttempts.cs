using System.Collections.Concurrent;
using Executor.Scheduling;

namespace Executor.Executors.Conversation;

/// <summary>
/// The server's half of the rule over what is replayed: the attempts that an executor was given, and how much of each one's output has
/// arrived. What it says of others doesn't count, and neither does what has arrived already.
/// </summary>
public sealed class HeldAttempts
{
    private readonly ConcurrentDictionary<TaskAttempt, long> _seqs = [];

    /// <summary>The executor is given an attempt.</summary>
    public void Add(TaskAttempt task) => _seqs.TryAdd(task, 0);

    /// <summary>An attempt has ended, or is no longer the executor's own.</summary>
    public void Remove(TaskAttempt task) => _seqs.TryRemove(task, out _);

    /// <summary>Begins with the attempts that the executor kept, and with what an earlier connection of it knows of them.</summary>
    /// <returns>How far the output of each has arrived.</returns>
    public IReadOnlyList<ReceivedOutput> Continue(HeldAttempts? earlier, IEnumerable<TaskAttempt> kept)
    {
        List<ReceivedOutput> received = [];
        foreach (TaskAttempt task in kept)
        {
            long seq = earlier?._seqs.GetValueOrDefault(task) ?? 0;
            _seqs[task] = seq;
            if (seq > 0)
            {
                received.Add(new ReceivedOutput(task.TaskId, task.Attempt, seq));
            }
        }

        return received;
    }

    /// <summary>Whether a piece of output is of an attempt it holds and was not here before; notes it.</summary>
    public bool TryTake(OutputMessage piece) =>
        _seqs.TryGetValue(piece.Task, out long last) && piece.Seq > last && _seqs.TryUpdate(piece.Task, piece.Seq, last);
}
