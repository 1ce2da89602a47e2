using Executor.Scheduling;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Engine;

public sealed partial class ExecutionEngine
{
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan RetentionPeriod = TimeSpan.FromMinutes(10);

    private readonly List<LiveTask> _cancelling = [];

    /// <summary>What is due though nobody calls: leases, delays, patience.</summary>
    private async Task SweepAsync()
    {
        using PeriodicTimer timer = new(SweepPeriod, _time);
        DateTimeOffset retention = Now;
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                Sweep();
                if (Now >= retention)
                {
                    retention = Now + RetentionPeriod;
                    _work.Track(RetainAsync());
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The engine stops.
        }
    }

    private void Sweep()
    {
        DateTimeOffset now = Now;
        List<Dispatch>? given;
        LeaseSweep leases;
        List<ConnectedExecutor> gone = [];
        List<LiveTask> expired = [];
        List<LiveTask> cancelled = [];
        List<TaskAttempt> unclaimed = [];
        lock (_lock)
        {
            EndReunionIfDue(now, unclaimed);
            leases = _queue.ExpireLeases(now);
            foreach (string id in leases.LostExecutors)
            {
                if (_executors.Remove(id, out ConnectedExecutor? executor))
                {
                    gone.Add(executor);
                }
            }

            foreach (TaskAttempt attempt in _queue.ExpireWaiting(now))
            {
                _queue.Cancel(attempt.TaskId);
                if (_tasks.TryGetValue(attempt.TaskId, out LiveTask? task) && task.State.FailWaiting() is TaskEnded ended)
                {
                    task.State = ended.After;
                    expired.Add(task);
                }
            }

            for (int i = _cancelling.Count - 1; i >= 0; i--)
            {
                LiveTask task = _cancelling[i];
                if (task.State.Status.IsFinal() || task.State.Status == ExecutionStatus.Pending)
                {
                    _cancelling.RemoveAt(i);
                }
                else if (task.Details!.CancelDueAt <= now && task.State.CancelNow() is TaskEnded ended)
                {
                    // Its room stays taken until the executor, which may still run it, reports or is lost.
                    task.State = ended.After;
                    cancelled.Add(task);
                    _cancelling.RemoveAt(i);
                }
            }

            given = Assign();
        }

        Hand(given);
        foreach (ConnectedExecutor executor in gone)
        {
            _log.ExecutorLost(executor.Registration.ExecutorId, leases.LostTasks.Count(task => task.ExecutorId == executor.Registration.ExecutorId));
            executor.Link.Close("it was silent for longer than its lease");
            _work.Track(ForgetAsync(executor));
        }

        if (unclaimed.Count > 0)
        {
            _work.Track(LoseAsync(unclaimed, LossReason.SchedulerRestarted));
        }

        if (leases.LostTasks.Count > 0)
        {
            _work.Track(LoseAsync([.. leases.LostTasks.Select(task => task.Task)], LossReason.LeaseExpired));
        }

        foreach (LiveTask task in expired)
        {
            _work.Track(EndUnrunAsync(task, EndedResults.QueueTimeout));
        }

        foreach (LiveTask task in cancelled)
        {
            _work.Track(EndUnrunAsync(task, EndedResults.Cancelled));
        }
    }

    private async Task EndUnrunAsync(LiveTask task, Func<TaskSpec, TaskLifecycle, DateTimeOffset, TaskResult> result)
    {
        if (await SpecOfAsync(task) is TaskSpec spec)
        {
            await EndAsync(task, result(spec, task.State, Now), isReport: false);
        }
    }

    private async Task RetainAsync()
    {
        long removed = await RepeatAsync(() => _store.ApplyRetentionAsync(_options.Retention, _stopping.Token));
        if (removed > 0)
        {
            _log.RetentionApplied(removed);
        }
    }
}
