using System.Collections.Concurrent;
using Executor.Clocks;
using Executor.Engine;
using Executor.Engine.Jobs;
using Executor.Engine.Monitoring;
using Executor.Execution;
using Executor.Executors;
using Executor.Scheduling;
using Executor.Storage;
using Executor.Tasks;
using Microsoft.Extensions.Logging.Abstractions;

namespace Executor.Library;

/// <summary>The engine in this process, with a store in memory and one executor that does everything.</summary>
internal sealed class ParallelHost : IAsyncDisposable
{
    /// <summary>The id of the executor.</summary>
    public const string ExecutorId = "library";

    // Results are handed to their callers at once; this long they are found by one who only now begins to wait.
    private static readonly RetentionOptions Retention = new() { MaxAge = TimeSpan.FromSeconds(30), MaxTasks = null };

    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(300);

    private readonly ParallelMode _mode;
    private readonly AttemptHandler? _runner;
    private readonly ExecutorRegistration _registration;
    private readonly ExecutorOffer _offer;
    private readonly ConcurrentDictionary<string, ParallelEntry> _entries = new(StringComparer.Ordinal);
    private readonly LocalRun _functions = new(SteadyTime.System);
    private readonly InMemoryTaskStore _store;
    private readonly JobRunner _jobs;
    private readonly ExecutionEngine _engine;
    private readonly TaskWorker _worker;

    private ParallelHost(
        ParallelExecutorOptions options, AttemptHandler? runner, ExecutorRegistration registration, InMemoryTaskStore store, JobRunner jobs)
    {
        _store = store;
        _jobs = jobs;
        _mode = options.Mode;
        _runner = runner;
        _registration = registration;
        _offer = registration.ToOffer(lease: null);
        _worker = new TaskWorker(AttemptTracing.Around(RunAsync, ExecutorId));
        EngineOptions engine = new()
        {
            MaxQueue = options.MaxQueue,
            Admit = FaultsOf,
            Retention = Retention,
            // A slot is free when the result is there, so that the next task is chosen with the children of the last one in the queue.
            MaxUnstoredResults = 0,
        };
        _engine = new ExecutionEngine(store, engine, SteadyTime.System, options.Log);
    }

    /// <summary>The engine.</summary>
    public ITaskService Service => _engine;

    public static async Task<ParallelHost> StartAsync(ParallelExecutorOptions options, AttemptHandler? runner, ExecutorRegistration registration)
    {
        InMemoryTaskStore store = new(SteadyTime.System);
        JobRunner jobs = await JobRunner.OpenAsync(
            store, types: [], new JobRunnerOptions(), SteadyTime.System, NullLogger<JobRunner>.Instance, CancellationToken.None);
        ParallelHost host = new(options, runner, registration, store, jobs);
        await host._engine.StartAsync(CancellationToken.None);
        await host._engine.RegisterLocalAsync(registration, host._worker);
        return host;
    }

    /// <summary>Runs the tasks of a call.</summary>
    public async Task<ParallelResults> RunAsync(ParallelRun run, CancellationToken cancellationToken)
    {
        foreach (ParallelEntry entry in run.Entries)
        {
            _entries[entry.EngineId] = entry;
        }

        try
        {
            return await run.RunAsync(cancellationToken);
        }
        finally
        {
            foreach (ParallelEntry entry in run.Entries)
            {
                _entries.TryRemove(entry.EngineId, out _);
            }

            await _store.ApplyRetentionAsync(Retention, CancellationToken.None);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        await _worker.DisposeAsync();
        await _jobs.DisposeAsync();
        await _store.DisposeAsync();
    }

    private async Task<TaskResult> RunAsync(TaskAssignment assignment, OutputReceiver live, CancellationToken cancellationToken)
    {
        ParallelEntry entry = _entries[assignment.Spec.TaskId!];
        TaskSpec spec = entry.Spec;
        ParallelCall call = new(spec.TaskId!, assignment.Attempt, spec.Params, await entry.Run.BeginAsync(entry));
        try
        {
            return entry.Task.Function is ParallelFunction function
                ? await _functions.RunAsync(
                    spec,
                    assignment.Attempt,
                    spec.Timeout ?? DefaultTimeout,
                    stop => Task.Run(() => function(call, stop), CancellationToken.None),
                    cancellationToken)
                : await _runner!(assignment with { Spec = spec }, live, cancellationToken);
        }
        finally
        {
            entry.SetRun();
        }
    }

    /// <summary>What the engine can't know to be wrong with a task.</summary>
    private List<ValidationFault> FaultsOf(TaskSpec spec)
    {
        List<ValidationFault> faults = [];
        bool isFunction = _entries[spec.TaskId!].Task.Function is not null;
        if (isFunction && _mode == ParallelMode.Sandboxed)
        {
            faults.Add(new ValidationFault("entrypoint", "is a function of this process, which can't be isolated; in the sandboxed mode give code, a script or a command"));
        }

        if (!isFunction && _runner is null)
        {
            faults.Add(new ValidationFault("code", "can't be run: the executor was made without a runner, and takes only functions of this process"));
        }

        // What can never be placed would wait for ever.
        TaskRequirements needed = TaskRequirements.Of(spec);
        if (!needed.Resources.FitsIn(_offer.Total))
        {
            faults.Add(new ValidationFault("resources", FormattableString.Invariant(
                $"are more than there is; there is: cpus {_offer.Cpus} (MaxWorkers), memory_mb {_offer.MemoryMb?.ToString() ?? "not counted"}, gpus {_offer.GpuDevices.Count}")));
        }
        else if (!_offer.CanHold(needed))
        {
            faults.Add(new ValidationFault(spec.Executor is string name && !_offer.CodeExecutors.Contains(name) ? "executor" : "capabilities",
                $"is not to be had here; there are capabilities: {Names(_registration.Capabilities)}; code executors: {Names(_registration.CodeExecutors)}"));
        }

        return faults;
    }

    private static string Names(IReadOnlyList<string>? names) => string.Join(", ", (names ?? []).DefaultIfEmpty("none"));
}
