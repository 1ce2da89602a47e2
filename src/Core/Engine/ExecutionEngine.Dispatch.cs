using Executor.Scheduling;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Engine;

public sealed partial class ExecutionEngine
{
    private const int MaxAssignedAtOnce = 1_000;

    /// <summary>Gives waiting tasks to executors. Under the lock; <see cref="Hand"/> tells the executors, outside it.</summary>
    /// <returns>What to tell; null: nothing.</returns>
    private List<Dispatch>? Assign()
    {
        if (_queue.WaitingCount == 0 || _reunionEnds is not null || _stopping.IsCancellationRequested)
        {
            return null;
        }

        DateTimeOffset now = Now;
        List<Dispatch>? given = null;
        IReadOnlyList<Assignment> assigned;
        do
        {
            assigned = _queue.Assign(now, MaxAssignedAtOnce);
            foreach (Assignment assignment in assigned)
            {
                (given ??= new List<Dispatch>(assigned.Count)).Add(Start(assignment, now));
            }
        }
        while (assigned.Count == MaxAssignedAtOnce);
        return given;
    }

    private Dispatch Start(Assignment assignment, DateTimeOffset now)
    {
        LiveTask task = _tasks[assignment.Task.TaskId];
        task.State = task.State.Start(assignment.ExecutorId, now, lease: null).After;
        task.NeedDetails().StartedAt = now;
        Uncount(task);
        if (task.State.Attempt == 1)
        {
            _monitor.TaskStarted(now - task.SubmittedAt);
        }

        return new Dispatch(
            task, task.Spec, assignment.Task.Attempt, assignment.ExecutorId, _executors[assignment.ExecutorId].Link, assignment.GpuDevices, now);
    }

    /// <summary>Tells executors what they were given. Outside the lock.</summary>
    private void Hand(List<Dispatch>? given)
    {
        if (given is null)
        {
            return;
        }

        List<Dispatch>? unread = null;
        foreach (Dispatch dispatch in given)
        {
            if (dispatch.Spec is TaskSpec spec)
            {
                Run(dispatch, spec);
            }
            else
            {
                (unread ??= []).Add(dispatch);
            }
        }

        if (unread is not null)
        {
            _work.Track(ReadAndRunAsync(unread));
        }
    }

    private void Run(in Dispatch dispatch, TaskSpec spec)
    {
        _store.MarkRunning(new TaskStart(dispatch.Task.TaskId, dispatch.Attempt, dispatch.ExecutorId, dispatch.StartedAt));
        dispatch.Link.Run(new Executors.TaskAssignment(spec, dispatch.Attempt, dispatch.GpuDevices) { TraceParent = dispatch.Task.TraceParent });
    }

    private async Task ReadAndRunAsync(List<Dispatch> unread)
    {
        IReadOnlyDictionary<string, TaskSpec> specs = await RepeatAsync(
            () => _store.GetSpecsAsync([.. unread.Select(dispatch => dispatch.Task.TaskId)], _stopping.Token));
        foreach (Dispatch dispatch in unread)
        {
            bool isWanted;
            lock (_lock)
            {
                TaskLifecycle state = dispatch.Task.State;
                isWanted = state.Status == ExecutionStatus.Running && state.Attempt == dispatch.Attempt && state.ExecutorId == dispatch.ExecutorId;
                if (isWanted)
                {
                    dispatch.Task.Spec = specs.GetValueOrDefault(dispatch.Task.TaskId);
                }
            }

            if (isWanted && specs.TryGetValue(dispatch.Task.TaskId, out TaskSpec? spec))
            {
                Run(dispatch, spec);
            }
        }
    }

    /// <summary>Repeats a call to the store until it succeeds or the engine stops: nothing that ended may be lost to a database that is away.</summary>
    private async Task<T> RepeatAsync<T>(Func<Task<T>> call)
    {
        for (TimeSpan delay = TimeSpan.FromMilliseconds(100); ; delay = TimeSpan.FromSeconds(double.Min(5, delay.TotalSeconds * 2)))
        {
            try
            {
                return await call();
            }
            catch (StorageException failed)
            {
                _log.StoreFailed(delay, failed.Message);
            }

            await Task.Delay(delay, _time, _stopping.Token);
        }
    }

    private async Task<TaskSpec?> SpecOfAsync(LiveTask task) =>
        task.Spec ??= (await RepeatAsync(() => _store.GetSpecsAsync([task.TaskId], _stopping.Token))).GetValueOrDefault(task.TaskId);
}
