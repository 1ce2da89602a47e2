using Executor.Engine;
using Executor.Execution;
using Executor.Executors;
using Executor.Runners;
using Executor.Runners.Local.Options;
using Executor.Tasks;

namespace Executor.Library;

/// <summary>
/// Runs tasks from a .NET program: many at once or one by one, those they depend on first, by priority, each for itself whatever becomes
/// of the others. It is <see cref="ExecutionEngine"/> with nothing kept on disk. Safe to use from many threads: calls share its workers.
/// </summary>
public sealed class ParallelExecutor : IAsyncDisposable
{
    private readonly ParallelExecutorOptions _options;
    private readonly Lazy<Task<ParallelHost>> _host;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private readonly HashSet<Task> _calls = [];

    /// <summary>An executor of functions of this process, and of whatever the handler runs.</summary>
    /// <param name="options">How it works; null: as the options' defaults say.</param>
    /// <param name="runner">
    /// Runs the tasks that are not functions: a <see cref="LocalExecutor"/> runs those it knows by name. Null: such tasks are refused.
    /// </param>
    /// <exception cref="InvalidInputException">An option is out of its range; names every one.</exception>
    public ParallelExecutor(ParallelExecutorOptions? options = null, AttemptHandler? runner = null)
        : this(options ?? new ParallelExecutorOptions(), runner, codeExecutors: [])
    {
    }

    /// <summary>An executor of functions of this process, and of code, scripts and commands.</summary>
    /// <param name="options">How it works.</param>
    /// <param name="runner">Runs the tasks that are not functions. Not disposed.</param>
    /// <param name="executors">The code executors there are; null: only this machine's.</param>
    /// <exception cref="InvalidInputException">An option is out of its range; names every one.</exception>
    public ParallelExecutor(ParallelExecutorOptions options, TaskRunner runner, IReadOnlyList<CodeExecutorOptions>? executors = null)
        : this(
            options,
            new RunnerAttempts(
                ParallelHost.ExecutorId, CodeExecutorChoice.WithBuiltIn(executors ?? [], [LocalCodeExecutorOptions.Default]), runner).RunAsync,
            [.. (executors ?? []).Select(executor => executor.Name)])
    {
    }

    private ParallelExecutor(ParallelExecutorOptions options, AttemptHandler? runner, IReadOnlyList<string> codeExecutors)
    {
        ExecutorRegistration registration = options.ToRegistration(codeExecutors);
        _options = options;
        _host = new Lazy<Task<ParallelHost>>(() => ParallelHost.StartAsync(options, runner, registration));
    }

    /// <summary>
    /// Runs tasks, and waits for all of them. A task that fails changes nothing for the others, but those that depend on it fail with the
    /// error type <c>dependency</c>.
    /// </summary>
    /// <param name="tasks">The tasks, in any order. Ids are of this call alone: another one may use them again.</param>
    /// <param name="progress">Told of every beginning and end, one at a time; what it throws is thrown here, and cancels the rest. Null: nobody.</param>
    /// <param name="cancellationToken">Cancels the tasks that have not ended: they are CANCELLED in the results. Nothing is thrown for it.</param>
    /// <exception cref="InvalidTaskException">The tasks can't be accepted, and none was run: every fault is named, a cycle with its tasks.</exception>
    /// <exception cref="QueueFullException">More would wait than <see cref="ParallelExecutorOptions.MaxQueue"/>; none was run.</exception>
    /// <exception cref="ObjectDisposedException">This was disposed.</exception>
    public async Task<ParallelResults> ExecuteAsync(
        IEnumerable<ParallelTask> tasks, IProgress<ParallelProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ParallelTask[] all = [.. tasks];
        if (all.Length == 0)
        {
            return new ParallelResults(new Dictionary<string, TaskResult>(), []);
        }

        Task<ParallelResults> call;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_stopping.IsCancellationRequested, this);
            call = RunAsync(all, progress, cancellationToken);
            _calls.Add(call);
        }

        try
        {
            return await call;
        }
        finally
        {
            lock (_lock)
            {
                _calls.Remove(call);
            }
        }
    }

    /// <summary>What waits, runs and has ended, of all calls together, and how fast.</summary>
    /// <exception cref="ObjectDisposedException">This was disposed.</exception>
    public async Task<ExecutionMetrics> GetMetricsAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_stopping.IsCancellationRequested, this);
        ParallelHost host = await _host.Value;
        return await host.Service.GetMetricsAsync(cancellationToken);
    }

    /// <summary>Cancels what runs and waits, and waits for the ends.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] calls;
        lock (_lock)
        {
            if (_stopping.IsCancellationRequested)
            {
                return;
            }

            calls = [.. _calls];
            _stopping.Cancel();
        }

        // Whatever they throw is their callers'.
        await Task.WhenAll(calls).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_host.IsValueCreated)
        {
            await (await _host.Value).DisposeAsync();
        }
    }

    private async Task<ParallelResults> RunAsync(ParallelTask[] tasks, IProgress<ParallelProgress>? progress, CancellationToken cancellationToken)
    {
        // Nothing of a call runs under the lock, nor on the caller's thread.
        await Task.Yield();
        ParallelHost host = await _host.Value;
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
        return await host.RunAsync(new ParallelRun(host, tasks, _options, progress), stop.Token);
    }
}
