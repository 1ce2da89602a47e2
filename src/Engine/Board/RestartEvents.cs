using Executor.Scheduling;
using Executor.Storage;
using Executor.Tasks;
using Executor.Workflows;

namespace Executor.Engine.Board;

/// <summary>How a board takes up what an earlier process left: tasks that waited, tasks that ran, executors that come back with them.</summary>
internal sealed class RestartEvents(TaskFlow flow, BoardOptions options)
{
    private List<DependentTask>? _restoredDependents;

    /// <summary>Takes up a task that an earlier process left. To be followed by <see cref="Start"/>, before anything else.</summary>
    public void Restore(TaskRecord record, DateTimeOffset now)
    {
        BoardTask task = new(record, record.State, RequirementsOf(record));
        flow.Tasks.Add(task, spec: null);
        if (task.State.CancelRequested)
        {
            task.State = task.State with { Status = ExecutionStatus.Cancelled };
            flow.End(task, EndedResults.Cancelled(task, now));
        }
        else if (task.State.Status == ExecutionStatus.Running)
        {
            flow.Tasks.Move(task, TaskPhase.Unclaimed);
            flow.Recovery.Add(task);
        }
        else if (record.DependsOn.Count > 0 && record.State.Attempt == 1)
        {
            flow.Tasks.Move(task, TaskPhase.Blocked);
            (_restoredDependents ??= []).Add(new DependentTask(task.TaskId, record.DependsOn));
        }
        else
        {
            flow.Enqueue(task);
        }
    }

    /// <summary>Parents of restored tasks that have ended: how is to be looked up for <see cref="Start"/>.</summary>
    public IReadOnlyList<string> EndedParents() => [.. flow.Graph.UnknownParents(_restoredDependents ?? []).Where(id => !flow.Tasks.Contains(id))];

    /// <summary>All tasks are restored.</summary>
    /// <param name="parents">
    /// How those of <see cref="EndedParents"/> ended. One that is not in it is not known: what depends on it waits until it is submitted.
    /// </param>
    /// <param name="executors">The executors that were registered, which may come back.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="StorageException">The tasks depend on each other in a circle.</exception>
    public void Start(IReadOnlyDictionary<string, ExecutionStatus> parents, IEnumerable<string> executors, DateTimeOffset now)
    {
        LinkRestored(parents, now);
        flow.Recovery.Begin(options.RecoveryWindow > TimeSpan.Zero ? executors : [], now + options.RecoveryWindow);
        EndRecoveryIfOver(now);
    }

    private static TaskRequirements RequirementsOf(TaskRecord record) => TaskRequirements.Of(new TaskSpec
    {
        Runner = record.Runner,
        Executor = record.CodeExecutor,
        Capabilities = record.Capabilities,
        Resources = record.Resources,
    });

    private void LinkRestored(IReadOnlyDictionary<string, ExecutionStatus> parents, DateTimeOffset now)
    {
        IReadOnlyList<DependentTask> dependents = _restoredDependents ?? [];
        _restoredDependents = null;
        Dictionary<string, ExecutionStatus> known = flow.Graph.UnknownParents(dependents).ToDictionary(
            id => id, id => parents.GetValueOrDefault(id, ExecutionStatus.Pending));
        if (flow.Graph.Submit(dependents, known) is not DependenciesAccepted accepted)
        {
            throw new StorageException("The stored tasks depend on each other in a circle, which no submit can have stored.", isTransient: false);
        }

        foreach (string id in accepted.Ready)
        {
            flow.Tasks.TryGet(id, out BoardTask? task);
            flow.Enqueue(task!);
        }

        foreach (DependencyFailure failure in accepted.Failed)
        {
            flow.Tasks.TryGet(failure.TaskId, out BoardTask? task);
            flow.FailWaiting(task!, failure, now);
        }
    }

    /// <summary>Lets an executor that is back keep an attempt, if the attempt was its own and it has room.</summary>
    public bool TryAdopt(BoardExecutor executor, TaskAttempt attempt, IReadOnlyDictionary<string, TaskSpec> specs, DateTimeOffset now)
    {
        if (!flow.Tasks.TryGet(attempt.TaskId, out BoardTask? task) || task.Attempt != attempt || !specs.TryGetValue(attempt.TaskId, out TaskSpec? spec))
        {
            return false;
        }

        // Noted as running, or given so shortly before the end that it was not noted.
        bool isNoted = task.Phase == TaskPhase.Unclaimed && task.State.ExecutorId == executor.Id;
        TaskLifecycle after = isNoted ? task.State : task.State.Start(executor.Id, now).After;
        if (!isNoted && (task.Phase != TaskPhase.Queued || after.Status != ExecutionStatus.Running))
        {
            return false;
        }

        if (isNoted)
        {
            flow.Queue.Enqueue(task.ToQueued());
        }

        if (!flow.Queue.Adopt(executor.Id, attempt, now))
        {
            if (isNoted)
            {
                flow.Queue.Cancel(task.TaskId);
            }

            return false;
        }

        flow.LeaveRecovery(task);
        task.State = after;
        task.Take(spec);
        task.DropPayload();
        task.Run = new RunAttempt(task, attempt.Attempt, executor, [], now, IsAdopted: true);
        flow.Tasks.Move(task, TaskPhase.Running);
        return true;
    }

    /// <summary>Begins to give tasks out when everybody is back or it has taken too long.</summary>
    public void EndRecoveryIfOver(DateTimeOffset now)
    {
        if (!flow.Recovery.IsActive || !flow.Recovery.IsOver(now))
        {
            return;
        }

        (IReadOnlyList<BoardTask> unclaimed, IReadOnlyList<string> absent) = flow.Recovery.End();
        foreach (string id in absent)
        {
            flow.Emit(new ForgetExecutor(id));
        }

        flow.Lose(unclaimed.Select(task => task.Attempt), LossReason.SchedulerRestarted, now);
    }
}
