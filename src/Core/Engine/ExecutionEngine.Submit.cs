using System.Diagnostics;
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
    // Tasks on their way into the store whose parents have ended without success meanwhile.
    private readonly Dictionary<string, DependencyFailure> _failedEarly = [];
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
                : await StoreAsync(batch, null);
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
                return await StoreAsync(batch, accepted);
            }
            catch (StorageException)
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
        Dictionary<string, ExecutionStatus?> stored = [];
        while (true)
        {
            string[] missing;
            lock (_lock)
            {
                IReadOnlyList<string> parents = _graph.UnknownParents(added);
                missing = [.. parents.Where(id => !_tasks.ContainsKey(id) && !stored.ContainsKey(id))];
                if (missing.Length == 0)
                {
                    // One that is in memory has not ended, and its end will be told to the graph.
                    Dictionary<string, ExecutionStatus> known = [];
                    foreach (string id in parents)
                    {
                        if (_tasks.ContainsKey(id))
                        {
                            known[id] = ExecutionStatus.Pending;
                        }
                        else if (stored[id] is ExecutionStatus status)
                        {
                            known[id] = status;
                        }
                    }

                    DependencySubmission submission = _graph.Submit(added, known);
                    return submission as DependenciesAccepted ?? throw new InvalidTaskException(((DependenciesRefused)submission).Faults);
                }
            }

            foreach (string id in missing)
            {
                stored[id] = (await _store.GetResultAsync(id, cancellationToken))?.Status;
            }
        }
    }

    private void Unlink(DependentTask[] added)
    {
        lock (_lock)
        {
            foreach (DependentTask task in added)
            {
                _graph.End(task.TaskId, ExecutionStatus.Cancelled);
                _failedEarly.Remove(task.TaskId);
            }
        }
    }

    /// <summary>Stores a batch and takes it into memory. Not to be broken off between the two, so it has no token.</summary>
    private async Task<IReadOnlyList<TaskReceipt>> StoreAsync(TaskSubmission[] batch, DependenciesAccepted? workflow)
    {
        IReadOnlyList<SubmitOutcome> outcomes = batch.Length == 1
            ? [await _store.SubmitAsync(batch[0], CancellationToken.None)]
            : await _store.SubmitAsync(batch, CancellationToken.None);
        List<DependencyFailure> failures = [.. workflow?.Failed ?? []];
        HashSet<string> failed = [.. failures.Select(failure => failure.TaskId)];
        List<LiveTask>? cacheable = null;
        List<Dispatch>? given;
        lock (_lock)
        {
            for (int i = 0; i < batch.Length; i++)
            {
                if (IsToBeTaken(outcomes[i]) && Take(batch[i], outcomes[i].State) is LiveTask task)
                {
                    if (_failedEarly.Remove(task.TaskId, out DependencyFailure failure))
                    {
                        failures.Add(failure);
                    }
                    else if (failed.Contains(task.TaskId))
                    {
                        continue;
                    }
                    else if (batch[i].Spec.Cache is not null)
                    {
                        (cacheable ??= []).Add(task);
                    }
                    else
                    {
                        EnqueueIfReady(task);
                    }
                }
            }

            given = Assign();
        }

        Hand(given);
        if (failures.Count > 0)
        {
            _work.Track(FailDependentsAsync(failures));
        }

        if (cacheable is not null)
        {
            await AnswerFromCacheAsync(cacheable, batch);
        }

        return [.. batch.Select((task, i) => new TaskReceipt(task.Spec.TaskId!, StatusOf(task.Spec.TaskId!, outcomes[i].State), outcomes[i].Status))];
    }

    /// <summary>
    /// What is stored now, and what was stored by a submit whose answer was lost on the way from the database: nobody else will take it.
    /// </summary>
    private static bool IsToBeTaken(SubmitOutcome outcome) =>
        outcome.Status == SubmitStatus.Stored
        || (outcome.Status == SubmitStatus.Existing && outcome.State.Status == ExecutionStatus.Pending);

    private LiveTask? Take(TaskSubmission submission, TaskState state)
    {
        TaskRecord record = TaskRecord.Of(submission);
        if (_tasks.ContainsKey(record.TaskId))
        {
            return null;
        }

        LiveTask task = new(record, TaskRequirements.Of(submission.Spec)) { State = RecoveredState.Of(state), TraceParent = Activity.Current?.Id };
        _tasks.Add(record.TaskId, task);
        KeepSpec(task, submission.Spec);
        _monitor.TaskSubmitted();
        return task;
    }

    /// <summary>Lets a task wait for an executor, unless it waits for a parent, whose end will do it.</summary>
    private void EnqueueIfReady(LiveTask task)
    {
        if (task.State.Status == ExecutionStatus.Pending && !_graph.IsHeld(task.TaskId))
        {
            _queue.Enqueue(task.ToQueued());
        }
    }

    /// <summary>What a waiting task brings stays in memory as long as there is room.</summary>
    private void KeepSpec(LiveTask task, TaskSpec spec)
    {
        int bytes = SpecSize.Of(spec);
        if (_waitingSpecBytes + bytes <= (long)_options.WaitingSpecsMb << 20)
        {
            task.Spec = spec;
            task.CountedBytes = bytes;
            _waitingSpecBytes += bytes;
        }
    }

    private void Uncount(LiveTask task)
    {
        _waitingSpecBytes -= task.CountedBytes;
        task.CountedBytes = 0;
    }

    private ExecutionStatus StatusOf(string taskId, TaskState stored)
    {
        lock (_lock)
        {
            return _tasks.TryGetValue(taskId, out LiveTask? task) && task.State.Status == ExecutionStatus.Running
                ? ExecutionStatus.Running
                : stored.Status;
        }
    }

    private async Task AnswerFromCacheAsync(List<LiveTask> tasks, TaskSubmission[] batch)
    {
        Dictionary<string, TaskSpec> specs = batch.ToDictionary(task => task.Spec.TaskId!, task => task.Spec);
        foreach (LiveTask task in tasks)
        {
            TaskSpec spec = specs[task.TaskId];
            TaskResult? found = await FindCachedAsync(spec);
            List<Dispatch>? given = null;
            bool answered = false;
            lock (_lock)
            {
                if (task.State.Status != ExecutionStatus.Pending)
                {
                    continue;
                }

                if (found is not null)
                {
                    task.State = task.State with { Status = ExecutionStatus.Completed };
                    answered = true;
                }
                else
                {
                    EnqueueIfReady(task);
                    given = Assign();
                }
            }

            Hand(given);
            if (answered)
            {
                _monitor.CacheHit();
                await EndAsync(task, EndedResults.Cached(found!, spec, Now), isReport: false);
            }
        }
    }

    /// <summary>A cache that can't be read is no reason not to run the task.</summary>
    private async Task<TaskResult?> FindCachedAsync(TaskSpec spec)
    {
        try
        {
            return await _store.FindCachedAsync(ContentHash.OfWork(spec), Now - spec.Cache!.Ttl, CancellationToken.None);
        }
        catch (StorageException failed)
        {
            _log.StoreFailed(TimeSpan.Zero, failed.Message);
            return null;
        }
    }
}
