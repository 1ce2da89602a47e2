using Executor.Execution;
using Executor.Executors;
using Executor.Jobs;
using Executor.Monitoring;
using Executor.Scheduling;
using Executor.Sessions;
using Executor.Storage;
using Executor.Tasks;
using Executor.Workflows;
using Microsoft.Extensions.Logging;

namespace Executor.Engine;

/// <summary>
/// All of Executor in one process: takes tasks, keeps them in a store, gives them to executors by the pure rules of
/// <see cref="SchedulingQueue"/>, <see cref="TaskLifecycle"/> and <see cref="DependencyGraph"/>, and records each end once.
/// </summary>
/// <remarks>
/// One lock guards everything in memory; nothing slow happens under it. What is durable is only in the store: a task is there before
/// its submit is answered, and its result before anybody is told. Whatever waits or runs when the process ends is found by
/// <see cref="StartAsync"/> of the next one.
/// </remarks>
public sealed partial class ExecutionEngine : IExecutionService, IExecutorGateway, IAsyncDisposable
{
    private readonly ITaskStore _store;
    private readonly EngineOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly ExecutionMonitor _monitor;
    private readonly Lock _lock = new();
    private readonly SchedulingQueue _queue = new();
    private readonly DependencyGraph _graph = new();
    private readonly Dictionary<string, LiveTask> _tasks = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly BackgroundWork _work;
    private readonly ISessionService? _sessions;
    private Task _sweeping = Task.CompletedTask;

    /// <summary>An engine that does nothing before <see cref="StartAsync"/>.</summary>
    /// <param name="store">Where tasks are kept. Not disposed.</param>
    /// <param name="options">How it works.</param>
    /// <param name="jobs">The jobs to offer.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Where it says what went wrong.</param>
    /// <param name="sessions">The sessions to offer; null: nobody will ask for any.</param>
    public ExecutionEngine(ITaskStore store, EngineOptions options, IJobService jobs, TimeProvider time, ILogger log, ISessionService? sessions = null)
    {
        _store = store;
        _options = options;
        _time = time;
        _log = log;
        _monitor = new ExecutionMonitor(time, CountLoad);
        _work = new BackgroundWork(log);
        Jobs = jobs;
        _sessions = sessions;
    }

    /// <inheritdoc/>
    public IExecutorGateway Executors => this;

    /// <inheritdoc/>
    public IJobService Jobs { get; }

    /// <inheritdoc/>
    public ISessionService Sessions => _sessions ?? throw new NotSupportedException("this engine was made without sessions");

    private DateTimeOffset Now => _time.GetUtcNow();

    /// <inheritdoc/>
    public async Task<StoredTask?> GetAsync(string taskId, CancellationToken cancellationToken)
    {
        StoredTask? stored = await _store.GetAsync(taskId, cancellationToken);
        return stored is null ? null : stored with { Record = Current(stored.Record) };
    }

    /// <inheritdoc/>
    public Task<TaskResult?> GetResultAsync(string taskId, CancellationToken cancellationToken) =>
        _store.GetResultAsync(taskId, cancellationToken);

    /// <inheritdoc/>
    public async Task<TaskResult?> WaitAsync(string taskId, TimeSpan timeout, CancellationToken cancellationToken)
    {
        Task<TaskResult>? ended = null;
        lock (_lock)
        {
            if (_tasks.TryGetValue(taskId, out LiveTask? task))
            {
                ended = task.NeedDetails().Ended;
            }
        }

        if (ended is null)
        {
            return await _store.GetResultAsync(taskId, cancellationToken);
        }

        try
        {
            return await ended.WaitAsync(timeout, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async Task<TaskPage> ListAsync(TaskFilter filter, int limit, TaskCursor? after, CancellationToken cancellationToken)
    {
        TaskPage page = await _store.ListAsync(filter, limit, after, cancellationToken);
        return page with { Tasks = [.. page.Tasks.Select(Current)] };
    }

    /// <inheritdoc/>
    public Task<ExecutionMetrics> GetMetricsAsync(CancellationToken cancellationToken) => Task.FromResult(_monitor.GetMetrics());

    /// <summary>
    /// Stops: takes nothing more, and forgets what runs, which is in the store and runs again after the next start. Executors of this
    /// process are to be stopped after it, so that what they were made to break off is not recorded as an end.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (!_stopping.IsCancellationRequested)
        {
            await _stopping.CancelAsync();
            StopWaiting();
            CloseLinks();
            await _sweeping;
            await _work.DisposeAsync();
            _monitor.Dispose();
        }
    }

    private ExecutionLoad CountLoad()
    {
        lock (_lock)
        {
            IReadOnlyList<ExecutorSnapshot> executors = [.. _queue.Executors().Where(executor => !executor.IsDraining)];
            return new ExecutionLoad(
                _tasks.Count - _queue.HeldCount, _queue.HeldCount, executors.Count, executors.Sum(executor => (long)executor.Offer.MaxTasks));
        }
    }

    /// <summary>A stored record with what memory knows better: the store hears of a start up to a second late.</summary>
    private TaskRecord Current(TaskRecord record)
    {
        lock (_lock)
        {
            if (record.State.Status.IsFinal() || !_tasks.TryGetValue(record.TaskId, out LiveTask? task))
            {
                return record;
            }

            TaskLifecycle live = task.State;
            bool isHeld = live.Status != ExecutionStatus.Pending && live.ExecutorId is not null;
            return record with
            {
                State = record.State with
                {
                    // A result on its way into the store is not there yet: until it is, the task runs or waits.
                    Status = isHeld ? ExecutionStatus.Running : ExecutionStatus.Pending,
                    Attempt = live.Attempt,
                    ExecutorId = isHeld ? live.ExecutorId : null,
                    StartedAt = isHeld ? task.Details?.StartedAt : null,
                    NotBefore = live.NotBefore,
                    Failures = live.Failures,
                    InfrastructureRetries = live.InfrastructureRetries,
                    LossRetries = live.LossRetries,
                    CancelRequested = live.CancelRequested,
                },
            };
        }
    }

    private void StopWaiting()
    {
        lock (_lock)
        {
            foreach (LiveTask task in _tasks.Values)
            {
                task.Details?.Stop();
            }
        }
    }

    private void ThrowIfStopping()
    {
        if (_stopping.IsCancellationRequested)
        {
            throw new ServiceStoppingException();
        }
    }
}
