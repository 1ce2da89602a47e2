using Executor.Scheduling;
using Executor.Tasks;

namespace Executor.Engine.Board;

/// <summary>The tasks of a <see cref="NaiveBoard"/>, and how each goes from one phase to another.</summary>
/// <param name="effects">What is to be done for it is added here.</param>
internal sealed class NaiveTaskList(List<string> effects) : List<NaiveTask>
{
    private long _sequence;

    public NaiveTask? Find(string id) => Find(task => task.Id == id);

    public NaiveTask? Find(TaskAttempt attempt) => Find(task => task.Current == attempt);

    public bool IsLive(string id) => Find(id) is not null;

    /// <summary>When something is due for one of them.</summary>
    /// <param name="since">When was last looked.</param>
    public IEnumerable<DateTimeOffset?> DueTimes(DateTimeOffset since) =>
    [
        .. this.Where(task => task.Phase == TaskPhase.Queued && task.AsideUntil > since).Select(task => task.AsideUntil),
        .. this.Where(task => task.Phase == TaskPhase.Queued && task.NotBefore > since).Select(task => task.NotBefore),
        .. this.Where(task => task.Phase == TaskPhase.Queued && task.Attempt == 1).Select(task => task.ExpiresAt),
        .. this.Where(task => task.IsWithExecutor).Select(task => task.CancelDueAt),
    ];

    public long NextSequence() => _sequence++;

    public void Enqueue(NaiveTask task) => (task.Phase, task.Sequence, task.AsideUntil) = (TaskPhase.Queued, NextSequence(), null);

    public void End(NaiveTask task, ExecutionStatus status, string? error = null)
    {
        (task.Phase, task.IsCounted) = (TaskPhase.Ending, false);
        effects.Add($"end {task.Current} {status} {error}");
    }

    public void Requeue(NaiveTask task, DateTimeOffset? notBefore)
    {
        (task.Phase, task.Executor, task.NotBefore) = (TaskPhase.Requeuing, null, notBefore);
        task.Attempt++;
        effects.Add($"requeue {task.Current} {notBefore:mm:ss.fff}");
    }

    /// <summary>The number of a waiting attempt that an executor had been given by the process before.</summary>
    public void UseUp(TaskAttempt attempt)
    {
        if (Find(attempt) is { Phase: TaskPhase.Queued } task)
        {
            Requeue(task, task.NotBefore);
        }
    }

    public void Lose(IEnumerable<TaskAttempt> lost, LossReason reason, DateTimeOffset now)
    {
        foreach (NaiveTask task in lost.Select(Find).OfType<NaiveTask>().Where(task => task.IsWithExecutor))
        {
            if (task.CancelRequested)
            {
                End(task, ExecutionStatus.Cancelled);
            }
            else if (reason == LossReason.SchedulerRestarted || task.LossRetries++ < 10)
            {
                Requeue(task, null);
            }
            else if (task.CountFailure() is TimeSpan wait)
            {
                Requeue(task, now + wait);
            }
            else
            {
                End(task, ExecutionStatus.Failed, TaskErrorTypes.ExecutorLost);
            }
        }
    }

    public void Expire(DateTimeOffset now) =>
        FindAll(task => task.Phase == TaskPhase.Queued && task.Attempt == 1 && task.ExpiresAt <= now)
        .ForEach(task => End(task, ExecutionStatus.Failed, TaskErrorTypes.QueueTimeout));
}
