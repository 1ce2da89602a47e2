using Executor.Executors;
using Executor.Scheduling;
using Executor.Tasks;

namespace Executor.Engine.Board;

/// <summary>
/// Keeps executors whose own machinery is broken from failing one task after the other: after some failures in a row one is put in quarantine,
/// then given a single task to see whether it works again. One that runs what no other could is left as it is.
/// </summary>
internal sealed class ExecutorHealth(TaskFlow flow, BoardOptions options)
{
    private static readonly TimeSpan FirstQuarantine = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestQuarantine = TimeSpan.FromMinutes(5);

    private readonly HashSet<BoardExecutor> _quarantined = [];
    private bool _hasRoom;

    /// <summary>When <see cref="EndQuarantines"/> has something to do, or an executor that was let out has room; null: never.</summary>
    public DateTimeOffset? NextDue => _hasRoom ? DateTimeOffset.MinValue : _quarantined.Where(executor => !executor.Trouble.MayBeProbed).Min(executor => executor.Trouble.QuarantinedUntil);

    /// <summary>An executor has reported the end of an attempt.</summary>
    public void Reported(BoardExecutor executor, BoardTask task, TaskAttempt attempt, TaskResult result, DateTimeOffset now)
    {
        ExecutorTrouble trouble = executor.Trouble;
        bool wasProbe = trouble.Probe == attempt;
        trouble.Probe = wasProbe ? null : trouble.Probe;
        if (result.IsInfrastructureFailure)
        {
            trouble.Failures++;
            trouble.LastFailure = $"{result.Error!.Type}: {result.Error.Message}";
            if (wasProbe || (executor.Status == ExecutorStatus.Online && MustRest(executor, task)))
            {
                Quarantine(executor, now);
            }
        }
        else if (result.Status != ExecutionStatus.Cancelled)
        {
            executor.Trouble = new ExecutorTrouble();
            Release(executor);
        }
    }

    /// <summary>Those whose quarantine is over may be given a task to see.</summary>
    public void EndQuarantines(DateTimeOffset now)
    {
        _hasRoom = false;
        foreach (BoardExecutor executor in _quarantined)
        {
            executor.Trouble.MayBeProbed |= executor.Trouble.QuarantinedUntil <= now;
        }
    }

    /// <summary>Those that may be given a task to see, and have none.</summary>
    public IReadOnlyList<BoardExecutor> ToProbe() => _quarantined.Count == 0
        ? []
        : [.. _quarantined.Where(executor => executor.Trouble.MayBeProbed && !IsProbed(executor)).OrderBy(executor => executor.Id, StringComparer.Ordinal)];

    /// <summary>Executors take no more tasks, or are gone: if nobody is left but those in quarantine, they are better than none.</summary>
    public void StoppedTaking(params ReadOnlySpan<BoardExecutor> executors)
    {
        foreach (BoardExecutor executor in executors)
        {
            _quarantined.Remove(executor);
            executor.Trouble = new ExecutorTrouble();
        }

        if (!flow.Executors.All.Any(other => other.Status == ExecutorStatus.Online))
        {
            foreach (BoardExecutor left in _quarantined.ToList())
            {
                Release(left);
            }
        }
    }

    private bool MustRest(BoardExecutor executor, BoardTask task) =>
        options.QuarantineAfter > 0
        && executor.Trouble.Failures >= options.QuarantineAfter
        && flow.Executors.All.Any(other => other != executor && other.Status == ExecutorStatus.Online && other.Offer.CanHold(task.Requirements));

    private void Quarantine(BoardExecutor executor, DateTimeOffset now)
    {
        ExecutorTrouble trouble = executor.Trouble;
        double seconds = FirstQuarantine.TotalSeconds * double.Pow(2, trouble.Quarantines++);
        trouble.QuarantinedUntil = now + TimeSpan.FromSeconds(double.Min(seconds, LongestQuarantine.TotalSeconds));
        trouble.MayBeProbed = false;
        _quarantined.Add(executor);
        flow.Queue.Drain(executor.Id);
        executor.Status = ExecutorStatus.Quarantined;
        flow.Emit(new TellQuarantine(executor));
    }

    private void Release(BoardExecutor executor)
    {
        if (_quarantined.Remove(executor))
        {
            executor.Trouble.QuarantinedUntil = null;
            executor.Status = ExecutorStatus.Online;
            flow.Queue.Resume(executor.Id);
            _hasRoom = true;
            flow.Emit(new TellQuarantine(executor));
        }
    }

    /// <summary>Whether it has a task to see, and that is still its own.</summary>
    private bool IsProbed(BoardExecutor executor) =>
        executor.Trouble.Probe is TaskAttempt probe
        && flow.Tasks.TryGet(probe.TaskId, out BoardTask? task)
        && task.Attempt == probe
        && task.State.ExecutorId == executor.Id;
}
