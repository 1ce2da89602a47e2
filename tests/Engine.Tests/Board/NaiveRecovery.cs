using Executor.Scheduling;
using Executor.Tasks;

namespace Executor.Engine.Board;

/// <summary>After a start, the time in which executors come back with what they were given before, of a <see cref="NaiveBoard"/>.</summary>
/// <param name="tasks">The tasks.</param>
/// <param name="executors">The executors.</param>
/// <param name="effects">What is to be done for it is added here.</param>
internal sealed class NaiveRecovery(NaiveTaskList tasks, NaiveExecutors executors, List<string> effects)
{
    private readonly List<string> _awaited = [];

    /// <summary>When it ends at the latest; null: it is over.</summary>
    public DateTimeOffset? Ends { get; private set; }

    public void Begin(IEnumerable<string> awaited, DateTimeOffset ends)
    {
        Ends = ends;
        _awaited.AddRange(awaited);
    }

    public void IsBack(string executor) => _awaited.Remove(executor);

    public bool Adopt(string executor, TaskAttempt attempt, DateTimeOffset now)
    {
        NaiveTask? task = tasks.Find(attempt);
        bool isItsOwn = task is { Phase: TaskPhase.Unclaimed } && task.Executor == executor;
        bool isUnnoted = task is { Phase: TaskPhase.Queued } && !(task.NotBefore > now);
        if (Ends is null || (!isItsOwn && !isUnnoted) || !executors.HasRoom(executor))
        {
            return false;
        }

        task!.Sequence = isItsOwn ? tasks.NextSequence() : task.Sequence;
        executors.Give(task, executor, now);
        (task.Phase, task.Executor, task.HasSpec, task.IsCounted, task.NotBefore) = (TaskPhase.Running, executor, true, false, null);
        return true;
    }

    public void EndIfOver(DateTimeOffset now)
    {
        if (Ends is not null && (Ends <= now || _awaited.Count == 0))
        {
            Ends = null;
            effects.AddRange(_awaited.Select(id => $"forget {id}"));
            _awaited.Clear();
            tasks.Lose([.. tasks.Where(task => task.Phase == TaskPhase.Unclaimed).Select(task => task.Current)], LossReason.SchedulerRestarted, now);
        }
    }
}
