using Executor.Scheduling;
using Executor.Storage;
using Executor.Tasks;
using Executor.Workflows;

namespace Executor.Engine;

public sealed partial class ExecutionEngine
{
    private const int RecoveryWrites = 1_000;

    /// <summary>
    /// Takes up what an earlier process left: what waited waits, what ran runs again as the next attempt, what was to be cancelled is.
    /// To be called once, before anything else.
    /// </summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        List<DependentTask> dependents = [];
        List<LiveTask> broken = [];
        List<LiveTask> unwanted = [];
        await foreach (TaskRecord record in _store.ReadOpenAsync(cancellationToken))
        {
            LiveTask task = new(record, RequirementsOf(record)) { State = RecoveredState.Of(record.State) };
            _tasks.Add(task.TaskId, task);
            if (task.State.CancelRequested)
            {
                unwanted.Add(task);
            }
            else if (task.State.Status == ExecutionStatus.Running)
            {
                broken.Add(task);
            }
            else if (record.DependsOn.Count > 0 && record.State.Attempt == 1)
            {
                dependents.Add(new DependentTask(task.TaskId, record.DependsOn));
            }
            else
            {
                _queue.Enqueue(task.ToQueued());
            }
        }

        if (_tasks.Count > 0)
        {
            _log.Recovered(_tasks.Count, broken.Count);
        }

        IReadOnlyList<DependencyFailure> failed = await RelinkAsync(dependents, cancellationToken);
        if (await BeginReunionAsync(broken, cancellationToken))
        {
            broken = [];
        }

        foreach (LiveTask[] chunk in broken.Chunk(RecoveryWrites))
        {
            await LoseAsync([.. chunk.Select(task => task.Attempt)], LossReason.SchedulerRestarted);
        }

        await FailDependentsAsync(failed);
        foreach (LiveTask task in unwanted)
        {
            task.State = task.State with { Status = ExecutionStatus.Cancelled };
            await EndUnrunAsync(task, EndedResults.Cancelled);
        }

        _sweeping = SweepAsync();
    }

    private async Task<IReadOnlyList<DependencyFailure>> RelinkAsync(List<DependentTask> dependents, CancellationToken cancellationToken)
    {
        Dictionary<string, ExecutionStatus> known = [];
        foreach (string id in _graph.UnknownParents(dependents))
        {
            // A parent that retention has removed can't be asked how it ended, so nothing may be built on it.
            known[id] = _tasks.ContainsKey(id)
                ? ExecutionStatus.Pending
                : (await _store.GetResultAsync(id, cancellationToken))?.Status ?? ExecutionStatus.Failed;
        }

        if (_graph.Submit(dependents, known) is not DependenciesAccepted accepted)
        {
            throw new StorageException("The stored tasks depend on each other in a circle, which no submit can have stored.", isTransient: false);
        }

        foreach (string id in accepted.Ready)
        {
            _queue.Enqueue(_tasks[id].ToQueued());
        }

        return accepted.Failed;
    }

    private static TaskRequirements RequirementsOf(TaskRecord record) => TaskRequirements.Of(new TaskSpec
    {
        Runner = record.Runner,
        Executor = record.CodeExecutor,
        Capabilities = record.Capabilities,
        Resources = record.Resources,
    });
}
