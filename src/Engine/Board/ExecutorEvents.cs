using Executor.Executors;
using Executor.Scheduling;
using Executor.Tasks;

namespace Executor.Engine.Board;

/// <summary>What happens to executors: they come, live, drain, break off, leave and are lost.</summary>
internal sealed class ExecutorEvents(TaskFlow flow, RestartEvents restart)
{
    /// <summary>An executor comes in, or back with what it runs.</summary>
    /// <param name="executor">The registration; takes the place of an earlier one of its id.</param>
    /// <param name="running">What it says it runs.</param>
    /// <param name="specs">What those tasks are; needed only while <see cref="TaskBoard.IsRecovering"/>, when it keeps them.</param>
    /// <param name="isDrained">Whether it is given nothing.</param>
    /// <param name="now">The time.</param>
    /// <returns>Attempts that are not its own: to be stopped there.</returns>
    /// <exception cref="InvalidInputException">The id is that of an executor without a lease, and this one has one.</exception>
    public IReadOnlyList<TaskAttempt> Register(
        BoardExecutor executor,
        IReadOnlyList<TaskAttempt> running,
        IReadOnlyDictionary<string, TaskSpec> specs,
        bool isDrained,
        DateTimeOffset now)
    {
        if (flow.Executors.Find(executor.Id) is BoardExecutor before)
        {
            if (executor.Lease is not null && before.Lease is null)
            {
                throw new InvalidInputException([new ValidationFault("executor_id", $"'{executor.Id}' is the server's own; choose another")]);
            }

            flow.Executors.Set(executor);
            flow.Health.StoppedTaking(before);
            flow.Emit(new CloseReplacedExecutor(before));
        }
        else
        {
            flow.Executors.Set(executor);
        }

        Registration registered = flow.Queue.Register(executor.Id, executor.Offer, running, now);
        IReadOnlyList<TaskAttempt> stale = registered.Stale;
        if (flow.Recovery.IsActive)
        {
            stale = [.. stale.Where(attempt => !restart.TryAdopt(executor, attempt, specs, now))];
            flow.Recovery.ExecutorIsBack(executor.Id);
        }

        flow.UseUp(stale);
        StopCancelled(executor, running.Except(stale));
        if (isDrained)
        {
            StopGiving(executor, ExecutorStatus.Draining);
        }

        flow.Lose(registered.Lost, LossReason.ExecutorLost, now);
        flow.Emit(new SaveExecutor(executor));
        restart.EndRecoveryIfOver(now);
        flow.Assign(now);
        return stale;
    }

    /// <summary>An executor lives and runs these.</summary>
    /// <returns>Attempts that are no longer its own; null: it is to register again.</returns>
    public IReadOnlyList<TaskAttempt>? Heartbeat(BoardExecutor from, IReadOnlyList<TaskAttempt> running, DateTimeOffset now)
    {
        if (!flow.IsCurrent(from))
        {
            return null;
        }

        from.LastSeenAt = now;
        // What has not been sent is not the executor's to name.
        IEnumerable<TaskAttempt> unsent = from.Unheard.Waiting.Where(TaskFlow.IsUnsent).Select(run => run.Task.Attempt);
        IReadOnlyList<TaskAttempt>? stale = (flow.Queue.Heartbeat(from.Id, [.. running, .. unsent], now) as HeartbeatAccepted)?.Stale;
        flow.UseUp(stale ?? []);
        flow.Hear(from, running);
        return stale;
    }

    /// <summary>An executor is to be given nothing more, and told so.</summary>
    /// <returns>Whether there is such an executor.</returns>
    public bool Drain(string executorId)
    {
        if (flow.Executors.Find(executorId) is not BoardExecutor executor)
        {
            return false;
        }

        StopGiving(executor, ExecutorStatus.Draining);
        flow.Emit(new TellDrain(executor));
        return true;
    }

    /// <summary>An executor says that it wants nothing more.</summary>
    public void Drained(BoardExecutor from)
    {
        if (flow.IsCurrent(from))
        {
            StopGiving(from, ExecutorStatus.Draining);
        }
    }

    /// <summary>An executor's connection broke: what it runs is kept for it until its lease runs out. With no lease all of it is lost at once.</summary>
    public void Disconnected(BoardExecutor from, DateTimeOffset now)
    {
        if (from.Lease is null)
        {
            Leave(from, now);
        }
        else if (flow.IsCurrent(from))
        {
            StopGiving(from, ExecutorStatus.Disconnected);
        }
    }

    /// <summary>An executor is gone for good.</summary>
    public void Leave(BoardExecutor from, DateTimeOffset now)
    {
        if (flow.IsCurrent(from))
        {
            flow.Executors.Remove(from.Id);
            flow.Health.StoppedTaking(from);
            flow.Lose(flow.Queue.Lose(from.Id), LossReason.ExecutorLost, now);
            flow.Emit(new ForgetExecutor(from.Id));
        }
    }

    /// <summary>Takes out the executors and attempts whose leases have run out.</summary>
    public void ExpireLeases(DateTimeOffset now)
    {
        LeaseSweep expired = flow.Queue.ExpireLeases(now);
        BoardExecutor[] lost = [.. expired.LostExecutors.Select(id => flow.Executors.Remove(id)!)];
        flow.Health.StoppedTaking(lost);
        foreach (BoardExecutor executor in lost)
        {
            flow.Emit(new CloseLostExecutor(executor, expired.LostTasks.Count(task => task.ExecutorId == executor.Id)));
            flow.Emit(new ForgetExecutor(executor.Id));
        }

        flow.Lose(expired.LostTasks.Select(task => task.Task), LossReason.LeaseExpired, now);
        foreach (HeldTask task in expired.LostTasks)
        {
            if (flow.Executors.Find(task.ExecutorId) is BoardExecutor alive)
            {
                flow.PassOver(alive, task.Task);
            }
        }
    }

    private void StopGiving(BoardExecutor executor, ExecutorStatus status)
    {
        flow.Queue.Drain(executor.Id);
        executor.Status = status;
        flow.Health.StoppedTaking(executor);
    }

    /// <summary>An executor that is back may not have heard that what it runs is to stop.</summary>
    private void StopCancelled(BoardExecutor executor, IEnumerable<TaskAttempt> running)
    {
        foreach (TaskAttempt attempt in running)
        {
            if (flow.Tasks.TryGet(attempt.TaskId, out BoardTask? task) && task.Attempt == attempt && task.State.CancelRequested)
            {
                flow.Emit(new StopAttempt(executor, attempt));
            }
        }
    }
}
