using Executor.Execution;
using Executor.Tasks;

namespace Executor.Engine.Monitoring;

/// <summary>
/// Counts what happens to tasks and sums it up. Any thread may tell it anything at any time; an event costs about a tenth of a
/// microsecond, takes no lock and allocates nothing. What it is told also goes to the meter <c>Executor</c> (System.Diagnostics.Metrics).
/// </summary>
public sealed class ExecutionMonitor : IDisposable
{
    private readonly TimeProvider _time;
    private readonly Func<ExecutionLoad>? _load;
    private readonly ResourceMeter _resources;
    private readonly ExecutionInstruments _instruments;
    private readonly long _start;
    private readonly OutcomeCounters _outcomes = new();
    private readonly OutcomeGroups _runtimes = new();
    private readonly OutcomeGroups _executors = new();
    private readonly RateWindow _ended;
    private readonly DurationWindow _executionTimes;
    private readonly DurationWindow _queueTimes;
    private long _submitted;
    private long _repeated;
    private long _cacheHits;

    /// <summary>Begins to count, from zero.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="load">
    /// Tells what is true of the host at a moment: asked from any thread, by <see cref="GetMetrics()"/> and by whoever reads the meter's
    /// gauges, so it must be quick and must not throw. Null: there is nothing to tell.
    /// </param>
    public ExecutionMonitor(TimeProvider time, Func<ExecutionLoad>? load = null)
        : this(time, load, ResourceUsage.Read)
    {
    }

    internal ExecutionMonitor(TimeProvider time, Func<ExecutionLoad>? load, Func<ResourceUsage> usage)
    {
        _time = time;
        _load = load;
        _start = time.GetTimestamp();
        _ended = new RateWindow(time.TimestampFrequency);
        _executionTimes = new DurationWindow(time.TimestampFrequency);
        _queueTimes = new DurationWindow(time.TimestampFrequency);
        _resources = new ResourceMeter(time, usage);
        _instruments = new ExecutionInstruments(load);
    }

    private long Elapsed => _time.GetTimestamp() - _start;

    /// <summary>Tasks were taken.</summary>
    /// <param name="count">How many.</param>
    public void TasksSubmitted(int count)
    {
        Interlocked.Add(ref _submitted, count);
        _instruments.Submitted(count);
    }

    /// <summary>An attempt was given to an executor.</summary>
    /// <param name="queued">How long it had waited: since the submit, or since the attempt before it ended.</param>
    public void TaskStarted(TimeSpan queued)
    {
        _queueTimes.Add(Elapsed, queued);
        _instruments.Started(queued);
    }

    /// <summary>An attempt ended or was lost, and is followed by another.</summary>
    public void AttemptRepeated()
    {
        Interlocked.Increment(ref _repeated);
        _instruments.Repeated();
    }

    /// <summary>A stored result was the answer. The task's end is told besides.</summary>
    public void CacheHit()
    {
        Interlocked.Increment(ref _cacheHits);
        _instruments.CacheHit();
    }

    /// <summary>A task ended. A result of a task that did not run itself (cached, or without a start time) counts without a duration.</summary>
    /// <exception cref="ArgumentException">The result is not final.</exception>
    public void TaskEnded(TaskResult result)
    {
        bool ran = result is { Cached: false, StartTimeMs: > 0 };
        TaskEnded(result.Status, ran ? TimeSpan.FromSeconds(result.DurationSec) : null, result.RuntimeId, result.ExecutorId);
    }

    /// <summary>A task ended.</summary>
    /// <param name="status">How.</param>
    /// <param name="duration">How long it ran; null: it never did.</param>
    /// <param name="runtime">The runtime that ran it; null: none.</param>
    /// <param name="executorId">The executor that ran it; null: none.</param>
    /// <exception cref="ArgumentException">The status is not final.</exception>
    public void TaskEnded(ExecutionStatus status, TimeSpan? duration, string? runtime = null, string? executorId = null)
    {
        long elapsed = Elapsed;
        _outcomes.Add(status, duration);
        _runtimes.Add(runtime, status, duration);
        _executors.Add(executorId, status, duration);
        _ended.Add(elapsed);
        if (duration is TimeSpan ran)
        {
            _executionTimes.Add(elapsed, ran);
        }

        _instruments.Ended(status, duration, runtime);
    }

    /// <summary>All of it, with what the host tells of itself.</summary>
    public ExecutionMetrics GetMetrics() => GetMetrics(_load?.Invoke() ?? default);

    /// <summary>All of it.</summary>
    /// <param name="load">What is true of the host at this moment.</param>
    public ExecutionMetrics GetMetrics(ExecutionLoad load)
    {
        long elapsed = Elapsed;
        (ResourceUsage usage, double cores) = _resources.Measure();
        (long completed, long failed, long cancelled) = (_outcomes.Completed, _outcomes.Failed, _outcomes.Cancelled);
        long ended = completed + failed + cancelled;
        return new ExecutionMetrics
        {
            Submitted = Volatile.Read(ref _submitted),
            Completed = completed,
            Failed = failed,
            Cancelled = cancelled,
            Repeated = Volatile.Read(ref _repeated),
            CacheHits = Volatile.Read(ref _cacheHits),
            QueueDepth = load.Waiting,
            Running = load.Running,
            Executors = load.Executors,
            Slots = load.Slots,
            Utilization = load.Utilization,
            SuccessRate = ended == 0 ? null : (double)completed / ended,
            Throughput = _ended.PerSecond(elapsed),
            ExecutionTime = _executionTimes.Summarize(elapsed),
            QueueTime = _queueTimes.Summarize(elapsed),
            CpuCores = cores,
            MemoryMb = InMb(usage.Memory),
            DescendantsMemoryMb = usage.DescendantsMemory is long bytes ? InMb(bytes) : null,
            ByRuntime = _runtimes.ToMetrics(),
            ByExecutor = _executors.ToMetrics(),
        };
    }

    /// <summary>Takes its instruments from the meter; it may still be told things and asked.</summary>
    public void Dispose() => _instruments.Dispose();

    private static double InMb(long bytes) => double.Round(bytes / (1024.0 * 1024.0), 1);
}
