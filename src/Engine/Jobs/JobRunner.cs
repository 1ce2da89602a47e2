using System.Text.Json;
using Executor.Execution;
using Executor.Jobs;
using Executor.Storage;
using Executor.Tasks;
using Executor.Text;
using Microsoft.Extensions.Logging;

namespace Executor.Engine.Jobs;

/// <summary>
/// Runs jobs in this process and keeps them in a store, of which it is the only one to run jobs. What ran when a process was killed is
/// FAILED when the next one opens. Dispose it before the store: jobs are then stopped and FAILED.
/// </summary>
public sealed partial class JobRunner : IJobService, IAsyncDisposable
{
    private const int MostListed = 10_000;
    private const string Interrupted = "the server was stopped while it ran; start it again";

    private readonly ITaskStore _store;
    private readonly Dictionary<string, IJobType> _types;
    private readonly JobRunnerOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<JobRunner> _log;
    private readonly SemaphoreSlim _slots;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ActiveJob> _byId = [];
    private readonly Dictionary<string, ActiveJob> _byKey = [];
    private DateTimeOffset _lastStart;
    private bool _isStopping;

    private JobRunner(ITaskStore store, IEnumerable<IJobType> types, JobRunnerOptions options, TimeProvider time, ILogger<JobRunner> log)
    {
        (_store, _options, _time, _log) = (store, options, time, log);
        _types = types.ToDictionary(type => type.Type, StringComparer.Ordinal);
        _slots = new SemaphoreSlim(options.MaxRunning);
    }

    /// <summary>Opens the jobs of a store: those that a stopped process left behind are FAILED, with that said.</summary>
    /// <param name="store">Where jobs are kept.</param>
    /// <param name="types">What can be asked for; their names are unique.</param>
    /// <param name="options">How it goes about them.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Told of what can't be kept.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="StorageException">The store failed.</exception>
    public static async Task<JobRunner> OpenAsync(
        ITaskStore store, IEnumerable<IJobType> types, JobRunnerOptions options, TimeProvider time, ILogger<JobRunner> log, CancellationToken cancellationToken)
    {
        var runner = new JobRunner(store, types, options, time, log);
        foreach (JobRecord job in await store.ListJobsAsync(MostListed, cancellationToken))
        {
            if (!job.Status.IsFinal())
            {
                await store.SaveJobAsync(runner.Failed(job, new TaskError { Type = TaskErrorTypes.RunnerFailed, Message = Interrupted }), cancellationToken);
            }
        }

        return runner;
    }

    /// <inheritdoc/>
    public async Task<JobRecord> StartAsync(string type, JsonElement? parameters, CancellationToken cancellationToken)
    {
        (IJobType found, JsonElement? given) = Check(type, parameters);
        ActiveJob job;
        lock (_lock)
        {
            if (_isStopping)
            {
                throw new ServiceStoppingException();
            }

            string key = $"{type}\n{found.KeyOf(given)}";
            if (!_byKey.TryGetValue(key, out ActiveJob? running))
            {
                // Each later than the one before, for the order in which they are listed.
                DateTimeOffset now = StoredTime.Truncate(_time.GetUtcNow());
                _lastStart = now > _lastStart ? now : _lastStart.AddMilliseconds(1);
                JobRecord record = new()
                {
                    JobId = Guid.CreateVersion7(_lastStart).ToString(),
                    Type = type,
                    Params = given,
                    Status = ExecutionStatus.Pending,
                    CreatedAt = _lastStart,
                };
                running = new ActiveJob(record, found, key);
                _byKey.Add(key, running);
                _byId.Add(record.JobId, running);
                _ = Task.Run(() => RunAsync(running), CancellationToken.None);
            }

            job = running;
        }

        await job.Stored.Task.WaitAsync(cancellationToken);
        return job.Record;
    }

    /// <inheritdoc/>
    public async Task<JobRecord?> GetAsync(string jobId, CancellationToken cancellationToken) =>
        Find(jobId)?.Record ?? await _store.GetJobAsync(jobId, cancellationToken);

    /// <inheritdoc/>
    public async Task<string?> GetLogAsync(string jobId, CancellationToken cancellationToken)
    {
        if (Find(jobId) is ActiveJob job)
        {
            await job.SaveAsync(_store).WaitAsync(cancellationToken);
        }

        return await _store.GetJobLogAsync(jobId, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<JobRecord>> ListAsync(int limit, CancellationToken cancellationToken) =>
        [.. (await _store.ListJobsAsync(limit, cancellationToken)).Select(job => job.Status.IsFinal() ? job : Find(job.JobId)?.Record ?? job)];

    /// <inheritdoc/>
    public async Task<JobRecord?> WaitAsync(string jobId, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (Find(jobId) is not ActiveJob job)
        {
            return await _store.GetJobAsync(jobId, cancellationToken) is { } kept && kept.Status.IsFinal() ? kept : null;
        }

        try
        {
            return await job.End.Task.WaitAsync(timeout, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async Task<CancelOutcome> CancelAsync(string jobId, CancellationToken cancellationToken)
    {
        if (Find(jobId) is not ActiveJob job)
        {
            return await _store.GetJobAsync(jobId, cancellationToken) is null ? CancelOutcome.NotFound : CancelOutcome.AlreadyEnded;
        }

        bool waits = job.Record.Status == ExecutionStatus.Pending;
        await job.Stop.CancelAsync();
        if (!waits)
        {
            return CancelOutcome.Requested;
        }

        JobRecord ended = await job.End.Task.WaitAsync(cancellationToken);
        return ended.Status == ExecutionStatus.Cancelled ? CancelOutcome.Cancelled : CancelOutcome.AlreadyEnded;
    }

    /// <summary>Stops every job and waits for their ends, which are stored.</summary>
    public async ValueTask DisposeAsync()
    {
        ActiveJob[] left;
        lock (_lock)
        {
            _isStopping = true;
            left = [.. _byId.Values];
        }

        foreach (ActiveJob job in left)
        {
            job.IsShutdown = true;
            await job.Stop.CancelAsync();
        }

        try
        {
            await Task.WhenAll(left.Select(job => job.End.Task)).WaitAsync(_options.StopTimeout, _time);
        }
        catch (TimeoutException)
        {
            LogNotStopped(left.Count(job => !job.End.Task.IsCompleted), _options.StopTimeout.TotalSeconds);
        }
        catch (StorageException)
        {
            // One could not be stored when it began; whoever asked for it was told.
        }
    }

    private (IJobType Type, JsonElement? Parameters) Check(string type, JsonElement? parameters)
    {
        if (!_types.TryGetValue(type, out IJobType? found))
        {
            throw new InvalidInputException([new("type", ClosestName.Explain("job type", type, _types.Keys.Order(StringComparer.Ordinal)))]);
        }

        JsonElement? given = parameters?.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined ? null : parameters?.Clone();
        IReadOnlyList<ValidationFault> faults = given is { ValueKind: not JsonValueKind.Object } other
            ? [new("params", $"must be an object, was {TaskShape.Describe(other)}")]
            : found.Validate(given);
        return faults.Count == 0 ? (found, given) : throw new InvalidInputException(faults);
    }

    private ActiveJob? Find(string jobId)
    {
        lock (_lock)
        {
            return _byId.GetValueOrDefault(jobId);
        }
    }
}
