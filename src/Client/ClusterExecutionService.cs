using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Executor.Client.Connections;
using Executor.Execution;
using Executor.Executors;
using Executor.Grains;
using Executor.Grains.Executors;
using Executor.Grains.Scheduling;
using Executor.Grains.Tasks;
using Executor.Jobs;
using Executor.Sessions;
using Executor.Storage;
using Executor.Tasks;
using Microsoft.Extensions.Logging;

namespace Executor.Client;

/// <summary>The cluster as one service: the same in a silo and in a client of one.</summary>
public sealed class ClusterExecutionService : IExecutionService, ITaskService, IExecutorRegistry, IExecutorGateway, IAsyncDisposable
{
    private static readonly TimeSpan ShortWait = TimeSpan.FromSeconds(2);

    private readonly IGrainFactory _grains;
    private readonly string _queue;
    private readonly TimeProvider _time;
    private readonly SchedulerConnection _connection;
    private readonly ConcurrentDictionary<string, Lazy<Task<TaskResult?>>> _waits = [];

    /// <summary>Begins to look for the cluster.</summary>
    /// <param name="grains">The way to the grains.</param>
    /// <param name="queue">The queue.</param>
    /// <param name="silo">The silo that this process is; null: it is a client.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Where it says what went wrong.</param>
    public ClusterExecutionService(IGrainFactory grains, string queue, string? silo, TimeProvider time, ILogger<ClusterExecutionService> log)
    {
        (_grains, _queue, _time) = (grains, queue, time);
        _connection = new SchedulerConnection(Scheduler, ExecutorOf, silo, time, log);
        Jobs = new ClusterJobs(grains, queue, time);
        Sessions = new ClusterSessions(grains, queue, time);
        _connection.Start();
    }

    /// <summary>Whether the cluster's scheduler has been reached, and has not been lost since.</summary>
    public bool IsConnected => _connection.IsConnected;

    /// <inheritdoc/>
    public ITaskService Tasks => this;

    /// <inheritdoc/>
    public IExecutorRegistry Executors => this;

    /// <inheritdoc/>
    public IJobService Jobs { get; }

    /// <inheritdoc/>
    public ISessionService Sessions { get; }

    private ISchedulerGrain Scheduler => _grains.GetGrain<ISchedulerGrain>(GrainKeys.Scheduler(_queue));

    /// <inheritdoc/>
    public async Task<IReadOnlyList<TaskReceipt>> SubmitAsync(IReadOnlyList<TaskSpec> tasks, CancellationToken cancellationToken)
    {
        // Named here, a task that is submitted again since the answer was lost is the same one.
        HashSet<string> named = [];
        TaskSpec[] given = [.. tasks.Select(task => task.TaskId is null ? task with { TaskId = NewId() } : task)];
        SubmitAnswer answer = await _connection.AskAsync<SubmitAnswer>(new SubmitCall(given) { TraceParent = Activity.Current?.Id }, cancellationToken);
        return
        [
            .. answer.Receipts.Select(receipt =>
                receipt.Outcome == SubmitStatus.Existing && named.Contains(receipt.TaskId) ? receipt with { Outcome = SubmitStatus.Stored } : receipt),
        ];

        string NewId()
        {
            string id = Guid.CreateVersion7().ToString();
            named.Add(id);
            return id;
        }
    }

    /// <inheritdoc/>
    public Task<StoredTask?> GetAsync(string taskId, CancellationToken cancellationToken) =>
        GrainCalls.RepeatAsync(() => TaskOf(taskId).GetAsync(), _time, cancellationToken);

    /// <inheritdoc/>
    public Task<TaskResult?> GetResultAsync(string taskId, CancellationToken cancellationToken) =>
        GrainCalls.RepeatAsync(() => TaskOf(taskId).GetResultAsync(), _time, cancellationToken);

    /// <inheritdoc/>
    public async Task<TaskResult?> WaitAsync(string taskId, TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            return await EndOf(taskId).WaitAsync(timeout, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // The way to the scheduler may have taken all of a short wait.
            return timeout < ShortWait ? await GetResultAsync(taskId, cancellationToken) : null;
        }
    }

    /// <inheritdoc/>
    public Task<CancelOutcome> CancelAsync(string taskId, CancellationToken cancellationToken) =>
        GrainCalls.RepeatAsync(() => TaskOf(taskId).CancelAsync(), _time, cancellationToken);

    /// <inheritdoc/>
    public Task<TaskPage> ListAsync(TaskFilter filter, int limit, TaskCursor? after, CancellationToken cancellationToken) =>
        GrainCalls.RepeatAsync(() => Scheduler.ListAsync(filter, limit, after), _time, cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<TaskEvent> WatchAsync(
        string taskId, OutputPosition after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            OutputChunk chunk = await GrainCalls.RepeatAsync(() => TaskOf(taskId).ReadOutputAsync(after), _time, cancellationToken);
            foreach (TaskOutput output in chunk.Output)
            {
                after = output.Position;
                yield return output;
            }

            if (chunk.IsOver)
            {
                if (chunk.Result is TaskResult result)
                {
                    yield return new OutputEnded(result);
                }

                yield break;
            }
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ExecutorInfo>> ListExecutorsAsync(CancellationToken cancellationToken) =>
        (await _connection.AskAsync<ExecutorsAnswer>(new ExecutorsCall(), cancellationToken)).Executors;

    /// <inheritdoc/>
    public async Task<bool> DrainExecutorAsync(string executorId, CancellationToken cancellationToken)
    {
        // Stored first: by the time the executor hears of it, no scheduler will give it anything. One that is away right now counts, too.
        bool isKnown = await GrainCalls.RepeatAsync(() => ExecutorOf(executorId).DrainAsync(), _time, cancellationToken);
        bool isHere = (await _connection.AskAsync<TruthAnswer>(new DrainExecutorCall(executorId), cancellationToken)).IsTrue;
        return isKnown || isHere;
    }

    /// <inheritdoc/>
    public Task<CallbackPage> ListCallbacksAsync(CallbackState? state, int limit, long? after, CancellationToken cancellationToken) =>
        GrainCalls.RepeatAsync(() => Scheduler.ListCallbacksAsync(state, limit, after), _time, cancellationToken);

    /// <inheritdoc/>
    public Task<string?> FindOutageAsync(CancellationToken cancellationToken) =>
        GrainCalls.RepeatAsync(() => Scheduler.FindOutageAsync(), _time, cancellationToken);

    /// <inheritdoc/>
    public Task<ExecutionMetrics> GetMetricsAsync(CancellationToken cancellationToken) =>
        GrainCalls.RepeatAsync(() => Scheduler.GetMetricsAsync(), _time, cancellationToken);

    /// <inheritdoc/>
    public Task<IExecutorConnection> RegisterAsync(RegisterMessage register, IExecutorLink link, CancellationToken cancellationToken) =>
        _connection.RegisterAsync(register, link, cancellationToken);

    /// <summary>Stops: whoever waits is told, and executors are closed. Tasks go on.</summary>
    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private ITaskGrain TaskOf(string taskId) => _grains.GetGrain<ITaskGrain>(GrainKeys.Task(_queue, taskId));

    private IExecutorGrain ExecutorOf(string executorId) => _grains.GetGrain<IExecutorGrain>(GrainKeys.Executor(_queue, executorId));

    /// <summary>A task's end, asked for once however many wait for it.</summary>
    private Task<TaskResult?> EndOf(string taskId) => _waits.GetOrAdd(taskId, id => new Lazy<Task<TaskResult?>>(async () =>
    {
        try
        {
            return (await _connection.AwaitAsync<ResultAnswer>(new WaitCall(id))).Result;
        }
        finally
        {
            _waits.TryRemove(id, out _);
        }
    })).Value;
}
