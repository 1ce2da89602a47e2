using System.Diagnostics;
using System.Runtime.CompilerServices;
using Executor.Clocks;
using Executor.Engine.Board;
using Executor.Engine.Callbacks;
using Executor.Engine.Monitoring;
using Executor.Engine.Stores;
using Executor.Execution;
using Executor.Executors;
using Executor.Scheduling;
using Executor.Storage;
using Executor.Tasks;
using Microsoft.Extensions.Logging;

namespace Executor.Engine;

/// <summary>
/// Tasks and executors in one process: takes tasks, keeps them in a store, gives them to executors and records each end once.
/// </summary>
/// <remarks>
/// A <see cref="TaskBoard"/> decides; this tells it what happens, under one lock, and has carried out what follows. What is durable is only in
/// the store: a task is there before its submit is answered, and its result before anybody is told. Whatever waits or runs when the process
/// ends is found by <see cref="StartAsync"/> of the next one.
/// </remarks>
public sealed class ExecutionEngine : ITaskService, IExecutorRegistry, IExecutorGateway, IAsyncDisposable
{
    private static readonly IReadOnlyDictionary<string, TaskSpec> NoSpecs = new Dictionary<string, TaskSpec>();

    private readonly ITaskStore _store;
    private readonly EngineOptions _options;
    private readonly SteadyTime _time;
    private readonly ILogger _log;
    private readonly ExecutionMonitor _monitor;
    private readonly CancellationTokenSource _stopping = new();
    private readonly BackgroundWork _work;
    private readonly TaskViews _views = new();
    private readonly StoreRetries _retries;
    private readonly LockedBoard _board;
    private readonly CallbackDispatcher? _callbacks;
    private readonly EffectRunner _effects;
    private readonly SubmissionWriter _submissions;

    /// <summary>An engine that does nothing before <see cref="StartAsync"/>.</summary>
    /// <param name="store">Where tasks are kept. Not disposed.</param>
    /// <param name="options">How it works.</param>
    /// <param name="time">The clock. It may be set while the engine runs: see <see cref="SteadyTime"/>.</param>
    /// <param name="log">Where it says what went wrong.</param>
    public ExecutionEngine(ITaskStore store, EngineOptions options, TimeProvider time, ILogger log)
    {
        _store = store;
        _options = options;
        time = _time = SteadyTime.Over(time);
        _log = log;
        _work = new BackgroundWork(log);
        _retries = new StoreRetries(time, log, _stopping.Token);
        _board = new LockedBoard(new TaskBoard(options.OfBoard(), Random.Shared.NextDouble), time, WhenDue);
        _monitor = new ExecutionMonitor(time, () => _board.Read((board, _) => board.Load()));
        _callbacks = options.Callbacks is ResultCallbacks callbacks ? new CallbackDispatcher(store, callbacks, time, log) : null;
        _effects = new EffectRunner(_board, store, _retries, options, _monitor, _callbacks, _views, _work, time, log, _stopping.Token);
        _submissions = new SubmissionWriter(_board, store);
    }

    /// <summary>
    /// Takes up what an earlier process left: what waited waits, what ran runs again as the next attempt, what was to be cancelled is.
    /// To be called once, before anything else.
    /// </summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await new StoredTasks(_board, _effects, _store, _log).TakeUpAsync(cancellationToken);
        _callbacks?.Start();
        _work.Track(new RetentionSweep(_store, _options.Retention, _retries, _time, _log).RunAsync(_stopping.Token));
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<TaskReceipt>> SubmitAsync(IReadOnlyList<TaskSpec> tasks, CancellationToken cancellationToken)
    {
        ThrowIfStopping();
        DateTimeOffset now = _time.GetUtcNow();
        TaskSubmission[] batch = [.. SubmissionCheck.Accept(tasks, _options.Admit).Select(spec => new TaskSubmission(spec, now))];
        Submission submission = _board.Apply((board, _) => board.Submits.Submit(batch, Activity.Current?.Id), out _);
        IReadOnlyList<SubmitOutcome> outcomes;
        try
        {
            outcomes = await _submissions.StoreAsync(submission, cancellationToken);
        }
        catch
        {
            Tell((board, _) => board.Submits.StoreFailed(submission));
            throw;
        }

        _monitor.TasksSubmitted(_effects.Apply(
            (board, now) => board.Submits.Stored(submission, outcomes, now), static effect => effect is LookUpCache, out Task cacheAsked));
        await cacheAsked;
        return _board.Read((board, _) =>
            batch.Select((task, i) => new TaskReceipt(task.Spec.TaskId!, board.StatusOf(task.Spec.TaskId!, outcomes[i].State), outcomes[i].Status)).ToArray());
    }

    /// <inheritdoc/>
    public async Task<StoredTask?> GetAsync(string taskId, CancellationToken cancellationToken)
    {
        StoredTask? stored = await _store.GetAsync(taskId, cancellationToken);
        return stored is null ? null : stored with { Record = _board.Read((board, _) => board.Current(stored.Record)) };
    }

    /// <inheritdoc/>
    public Task<TaskResult?> GetResultAsync(string taskId, CancellationToken cancellationToken) =>
        _store.GetResultAsync(taskId, cancellationToken);

    /// <inheritdoc/>
    public async Task<TaskResult?> WaitAsync(string taskId, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (View(taskId, view => view.Ended) is not Task<TaskResult> ended)
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
    public async Task<CancelOutcome> CancelAsync(string taskId, CancellationToken cancellationToken)
    {
        ThrowIfStopping();
        CancelOutcome? outcome = _effects.Apply(
            (board, now) => board.Attempts.Cancel(taskId, now), effect => EffectRunner.IsWriteOf(effect, taskId), out Task stored);
        await stored;
        return outcome ?? (await _store.GetAsync(taskId, cancellationToken) is null ? CancelOutcome.NotFound : CancelOutcome.AlreadyEnded);
    }

    /// <inheritdoc/>
    public async Task<TaskPage> ListAsync(TaskFilter filter, int limit, TaskCursor? after, CancellationToken cancellationToken)
    {
        TaskPage page = await _store.ListAsync(filter, limit, after, cancellationToken);
        return page with { Tasks = _board.Read((board, _) => page.Tasks.Select(board.Current).ToArray()) };
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<TaskEvent> WatchAsync(
        string taskId, OutputPosition after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (View(taskId, view => view.Output) is OutputLog output)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
            await foreach (TaskEvent found in output.ReadAsync(after, either.Token))
            {
                yield return found;
            }
        }
        else if (await _store.GetResultAsync(taskId, cancellationToken) is TaskResult result)
        {
            foreach (TaskEvent found in OutputText.Of(result, after))
            {
                yield return found;
            }
        }
    }

    /// <inheritdoc/>
    public Task<IExecutorConnection> RegisterAsync(RegisterMessage register, IExecutorLink link, CancellationToken cancellationToken) =>
        RegisterAsync(register, link, _options.Lease);

    /// <summary>Brings in an executor of this process: it lives as long as the engine, so it has no lease.</summary>
    /// <exception cref="InvalidInputException">The registration is not valid; names every bad field.</exception>
    public Task<IExecutorConnection> RegisterLocalAsync(ExecutorRegistration registration, IExecutorLink link) =>
        RegisterAsync(new RegisterMessage(registration, []), link, lease: null);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ExecutorInfo>> ListExecutorsAsync(CancellationToken cancellationToken) =>
        Task.FromResult(_board.Read((board, now) => board.ListExecutors(now)));

    /// <inheritdoc/>
    public Task<bool> DrainExecutorAsync(string executorId, CancellationToken cancellationToken) =>
        Task.FromResult(Tell((board, _) => board.Executors.Drain(executorId)));

    /// <inheritdoc/>
    public Task<string?> FindOutageAsync(CancellationToken cancellationToken) => _store.FindOutageAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<CallbackPage> ListCallbacksAsync(CallbackState? state, int limit, long? after, CancellationToken cancellationToken) =>
        _store.ListCallbacksAsync(state, limit, after, cancellationToken);

    /// <inheritdoc/>
    public Task<ExecutionMetrics> GetMetricsAsync(CancellationToken cancellationToken) =>
        Task.FromResult(_monitor.GetMetrics() with { Callbacks = _callbacks?.GetMetrics() });

    /// <summary>
    /// Stops: takes nothing more, and forgets what runs, which is in the store and runs again after the next start. Executors of this
    /// process are to be stopped after it, so that what they were made to break off is not recorded as an end.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        await _stopping.CancelAsync();
        IReadOnlyList<IExecutorLink> links = _board.Read((board, _) => board.Stop());
        _views.Stop();
        foreach (IExecutorLink link in links)
        {
            link.Send(new ClosedMessage("the server is stopping"));
        }

        _board.Dispose();
        await _work.DisposeAsync();
        if (_callbacks is not null)
        {
            await _callbacks.DisposeAsync();
        }

        _monitor.Dispose();
        _submissions.Dispose();
    }

    /// <summary>Tells the board what has happened; what follows goes on in the background.</summary>
    internal T Tell<T>(Func<TaskBoard, DateTimeOffset, T> tell) => _effects.Apply(tell, static _ => false, out _);

    /// <summary>Tells the board what has happened; what follows goes on in the background.</summary>
    internal void Tell(Action<TaskBoard, DateTimeOffset> tell) => _effects.Apply(tell);

    internal void TakeOutput(BoardExecutor from, OutputMessage piece) =>
        _board.Read((board, _) => board.Attempts.TakesOutput(from, piece.Task) ? _views.Of(piece.Task.TaskId).Output : null)
            ?.Append(piece.Task.Attempt, piece.Stream, piece.Data.Span);

    internal async Task<bool> TakeReportAsync(BoardExecutor from, ResultMessage report)
    {
        bool isTaken = _effects.Apply(
            (board, now) => board.Attempts.Report(from, report.Task, report.Result, now),
            effect => EffectRunner.IsWriteOf(effect, report.Task.TaskId),
            out Task stored);
        try
        {
            await stored;
            return isTaken;
        }
        catch (OperationCanceledException)
        {
            // The engine stops before the store took it: the task runs again after the next start.
            return false;
        }
    }

    private async Task<IExecutorConnection> RegisterAsync(RegisterMessage register, IExecutorLink link, TimeSpan? lease)
    {
        ThrowIfStopping();
        IReadOnlyList<TaskAttempt> running = register.Running;
        ExecutorOffer offer = RegistrationCheck.Accept(register.Registration, lease);
        BoardExecutor executor = new(register.Registration, offer, lease, link, _time.GetUtcNow());
        EngineConnection connection = new(this, executor);
        IReadOnlyDictionary<string, TaskSpec> specs = running.Count > 0 && _board.Read((board, _) => board.IsRecovering)
            ? await _retries.RepeatAsync(() => _store.GetSpecsAsync([.. running.Select(task => task.TaskId)], _stopping.Token))
            : NoSpecs;
        Tell((board, now) =>
        {
            IReadOnlyList<TaskAttempt> stale = board.Executors.Register(executor, running, specs, register.IsDraining, now);
            // Before it is told anything else; see the contract.
            link.Attach(connection);
            link.Send(new RegisteredMessage { Lease = lease, Stale = stale });
        });
        return connection;
    }

    /// <summary>A part of a live task's view; null: it is not live.</summary>
    private T? View<T>(string taskId, Func<TaskView, T> part)
        where T : class =>
        _board.Read((board, _) =>
        {
            if (!board.IsLive(taskId))
            {
                return null;
            }

            ThrowIfStopping();
            return part(_views.Of(taskId));
        });

    private void WhenDue() => _effects.Begin(_board.ApplyDue(), static _ => false);

    private void ThrowIfStopping()
    {
        if (_stopping.IsCancellationRequested)
        {
            throw new ServiceStoppingException();
        }
    }
}
