using System.Collections.Concurrent;
using Executor.Cli.Running;
using Executor.Clocks;
using Executor.Engine;
using Executor.Execution;
using Executor.Executors;
using Executor.Hosting;
using Executor.Storage;
using Executor.Tasks;
using Executor.Workflows;
using Microsoft.Extensions.Logging;

namespace Executor.Cli.Batch;

/// <summary>This process: the engine with its store in memory, and one executor that runs what it is given on this host.</summary>
/// <remarks>A task is forgotten when its result is written. Whether it completed is kept for those that depend on it.</remarks>
internal sealed class LocalPlace : BatchPlace, IAsyncDisposable
{
    private const string ExecutorId = "local";

    private readonly LocalTasks _tasks;
    private readonly BatchLedger _ledger;
    private readonly InMemoryTaskStore _store;
    private readonly TaskWorker _worker;
    private readonly ExecutionEngine _engine;
    private readonly ConcurrentDictionary<string, bool> _completed = [];

    private LocalPlace(LocalHost host, BatchLedger ledger)
    {
        _tasks = new LocalTasks(host);
        _ledger = ledger;
        _store = new InMemoryTaskStore(SteadyTime.System, OutputLimit.Largest);
        _worker = new TaskWorker(RunAsync);
        EngineOptions options = new()
        {
            Admit = _tasks.FaultsOf,
            Retention = new RetentionOptions { MaxAge = null, MaxTasks = null },
            // A slot is free when the result is there, so that the next task is chosen with the children of the last one in the queue.
            MaxUnstoredResults = 0,
        };
        _engine = new ExecutionEngine(_store, options, SteadyTime.System, host.Logging.CreateLogger<ExecutionEngine>());
    }

    /// <summary>Starts it.</summary>
    /// <param name="host">What tasks are run with.</param>
    /// <param name="parallel">Tasks at once.</param>
    /// <param name="ledger">Takes the results; while it has too many to write, no task is started.</param>
    public static async Task<LocalPlace> StartAsync(LocalHost host, int parallel, BatchLedger ledger)
    {
        LocalPlace place = new(host, ledger);
        await place._engine.StartAsync(CancellationToken.None);
        await place._engine.RegisterLocalAsync(host.RegistrationOf(ExecutorId, parallel), place._worker);
        return place;
    }

    /// <inheritdoc/>
    public override ITaskService Tasks => _engine;

    /// <inheritdoc/>
    public override int ChunkTasks => 5_000;

    /// <inheritdoc/>
    public override long ChunkSize => 64L << 20;

    /// <inheritdoc/>
    public override int MaxTasks => 10_000;

    /// <inheritdoc/>
    public override long MaxSize => 128L << 20;

    /// <inheritdoc/>
    public override int Waiters => MaxTasks;

    /// <inheritdoc/>
    public override TimeSpan LongWait => Timeout.InfiniteTimeSpan;

    /// <inheritdoc/>
    // What has been written is not there any more, so that there is nothing to be taken from a cache.
    public override TaskSpec ToService(TaskSpec spec, string fileId, bool hasOwnId) => spec with { TaskId = fileId, Cache = null };

    /// <inheritdoc/>
    public override bool MayRun(BatchItem item, out TaskResult? failure)
    {
        foreach (string parent in item.Spec.DependsOn ?? [])
        {
            if (IsCompleted(parent) == false)
            {
                failure = FailedWith(item, parent);
                return false;
            }
        }

        item.LeaveParents(parent => IsCompleted(parent) == true);
        failure = null;
        return true;
    }

    /// <inheritdoc/>
    public override void Recorded(BatchItem item, TaskResult result)
    {
        if (item.HasOwnId)
        {
            _completed[item.FileId] = result.Success;
        }

        _store.RemoveEnded(item.TaskId);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        await _worker.DisposeAsync();
        await _store.DisposeAsync();
    }

    private bool? IsCompleted(string fileId) => _completed.TryGetValue(fileId, out bool isCompleted) ? isCompleted : _ledger.EarlierSuccess(fileId);

    private async Task<TaskResult> RunAsync(TaskAssignment assignment, OutputReceiver live, CancellationToken cancellationToken)
    {
        await _ledger.CaughtUpAsync(cancellationToken);
        return await _tasks.RunAsync(assignment.Spec, live: null, input: null, assignment.Attempt, cancellationToken);
    }

    private static TaskResult FailedWith(BatchItem item, string parent) => new()
    {
        TaskId = item.FileId,
        Name = item.Spec.Name,
        Details = item.Spec.Details,
        Status = ExecutionStatus.Failed,
        EndTimeMs = SteadyTime.System.GetUtcNow().ToUnixTimeMilliseconds(),
        Error = new DependencyFailure(item.FileId, parent, ExecutionStatus.Failed).ToError(),
    };
}
