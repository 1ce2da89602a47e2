using Executor.Scheduling;

namespace Executor.Engine.Board;

/// <summary>
/// What an executor of another process was given and has not said a word of: it may be anywhere on the way, in our memory for one that does not read.
/// Bounded by weight: what is over it waits here, without its payload, until the executor names something that it has.
/// </summary>
/// <param name="isBounded">Whether there is a way; an executor of this process has what it is given.</param>
internal sealed class UnheardAttempts(bool isBounded)
{
    /// <summary>Bytes of specs on the way to one executor. A larger one goes alone.</summary>
    public const long MaxBytes = 32L << 20;

    private readonly Dictionary<TaskAttempt, int> _given = [];
    private readonly Queue<RunAttempt> _waiting = [];
    private long _bytes;

    /// <summary>The attempts that wait, in order. Some may be no more.</summary>
    public IReadOnlyCollection<RunAttempt> Waiting => _waiting;

    /// <summary>Lets an attempt wait for its turn.</summary>
    public void Add(RunAttempt run) => _waiting.Enqueue(run);

    /// <summary>The next attempt for which there is room, which counts from now on; null: there is none.</summary>
    public RunAttempt? TakeNext()
    {
        if (!_waiting.TryPeek(out RunAttempt? next) || (isBounded && _given.Count > 0 && _bytes + next.Task.SpecBytes > MaxBytes))
        {
            return null;
        }

        _waiting.Dequeue();
        Weigh(next, next.Task.SpecBytes);
        return next;
    }

    /// <summary>An attempt that counts turns out to have another weight.</summary>
    public void Weigh(RunAttempt run, int bytes)
    {
        if (isBounded)
        {
            TaskAttempt attempt = new(run.Task.TaskId, run.Attempt);
            _bytes += bytes - _given.GetValueOrDefault(attempt);
            _given[attempt] = bytes;
        }
    }

    /// <summary>The executor has an attempt, or will not get it: it does not count any more.</summary>
    /// <returns>Whether it did.</returns>
    public bool Remove(TaskAttempt attempt)
    {
        bool isFirst = _given.Remove(attempt, out int bytes);
        _bytes -= bytes;
        return isFirst;
    }
}
