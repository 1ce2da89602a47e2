using Executor.Execution;
using Executor.Scheduling;
using Executor.Storage;
using Executor.Tasks;
using Executor.Workflows;

namespace Executor.Engine;

public sealed partial class ExecutionEngine
{
    // Tasks with parents are taken one batch after the other: what a batch was checked against must still hold when it is stored.
    private readonly SemaphoreSlim _workflowTurn = new(1);
    private long _waitingSpecBytes;
    private int _submitting;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<TaskReceipt>> SubmitAsync(IReadOnlyList<TaskSpec> tasks, CancellationToken cancellationToken)
    {
        ThrowIfStopping();
        DateTimeOffset now = Now;
        TaskSubmission[] batch = [.. SubmissionCheck.Accept(tasks, _options.Admit).Select(spec => new TaskSubmission(spec, now))];
        Reserve(batch.Length);
        try
        {
            return batch.Any(task => task.Spec.DependsOn is { Count: > 0 })
                ? await SubmitWorkflowAsync(batch, cancellationToken)
                : await StoreAsync(batch, workflow: null, cancellationToken);
        }
        finally
        {
            Interlocked.Add(ref _submitting, -batch.Length);
        }
    }

    private void Reserve(int count)
    {
        int submitting = Interlocked.Add(ref _submitting, count);
        int waiting;
        lock (_lock)
        {
            waiting = _tasks.Count - _queue.HeldCount;
        }

        if (waiting + submitting > _options.MaxQueue)
        {
            Interlocked.Add(ref _submitting, -count);
            throw new QueueFullException(waiting, _options.MaxQueue, TimeSpan.FromSeconds(1));
        }
    }

    private async Task<IReadOnlyList<TaskReceipt>> SubmitWorkflowAsync(TaskSubmission[] batch, CancellationToken cancellationToken)
    {
        await _workflowTurn.WaitAsync(cancellationToken);
        try
        {
            // A task that is stored already is not taken again; whether it is the same one is for the store to say.
            HashSet<string> known = [.. (await _store.GetSpecsAsync([.. batch.Select(task => task.Spec.TaskId!)], cancellationToken)).Keys];
            DependentTask[] added =
            [
                .. batch.Where(task => !known.Contains(task.Spec.TaskId!))
                    .Select(task => new DependentTask(task.Spec.TaskId!, task.Spec.DependsOn ?? [])),
            ];
            DependenciesAccepted accepted = await LinkAsync(added, cancellationToken);
            try
            {
                return await StoreAsync(batch, accepted, cancellationToken);
            }
            catch
            {
                Unlink(added);
                throw;
            }
        }
        finally
        {
            _workflowTurn.Release();
        }
    }

    private async Task<DependenciesAccepted> LinkAsync(DependentTask[] added, CancellationToken cancellationToken)
    {
        Dictionary<string, ExecutionStatus> parents = [];
        while (true)
        {
            string[] unknown;
            lock (_lock)
            {
                foreach (string id in _graph.UnknownParents(added))
                {
                    // One that is here has not ended, and its end will be told to the graph; one that is not here is in the store or nowhere.
                    if (_tasks.ContainsKey(id))
                    {
                        parents[id] = ExecutionStatus.Pending;
                    }
                    else if (parents.TryGetValue(id, out ExecutionStatus status) && !status.IsFinal())
                    {
                        parents.Remove(id);
                    }
                }

                unknown = [.. _graph.UnknownParents(added).Where(id => !parents.ContainsKey(id))];
                if (unknown.Length == 0)
                {
                    return _graph.Submit(added, parents.Where(parent => parent.Value != default || _tasks.ContainsKey(parent.Key)).ToDictionary()) switch
                    {
                        DependenciesAccepted accepted => accepted,
                        DependenciesRefused refused => throw new InvalidTaskException(refused.Faults),
                        _ => throw new InvalidOperationException("A submission is accepted or refused."),
                    };
                }
            }

            foreach (string id in unknown)
            {
                TaskResult? result = await _store.GetResultAsync(id, cancellationToken);
                parents[id] = result?.Status ?? UnknownParent;
            }
        }
    }
}
