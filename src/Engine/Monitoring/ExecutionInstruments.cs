using System.Diagnostics;
using System.Diagnostics.Metrics;
using Executor.Tasks;

namespace Executor.Engine.Monitoring;

/// <summary>
/// The meter <see cref="MeterName"/>, for OpenTelemetry and <c>dotnet-counters</c>. Times are in seconds. While nobody listens, an
/// instrument costs the look at a flag.
/// </summary>
internal sealed class ExecutionInstruments : IDisposable
{
    public const string MeterName = "Executor";

    /// <summary>From half a millisecond, a warm delegate, to an hour.</summary>
    private static readonly InstrumentAdvice<double> Buckets = new()
    {
        HistogramBucketBoundaries =
            [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600],
    };

    private readonly Meter _meter = new(MeterName, typeof(ExecutionInstruments).Assembly.GetName().Version?.ToString(3));
    private readonly Counter<long> _submitted;
    private readonly Counter<long> _completed;
    private readonly Counter<long> _failed;
    private readonly Counter<long> _cancelled;
    private readonly Counter<long> _repeated;
    private readonly Counter<long> _cacheHits;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _queueTime;

    /// <param name="load">Tells the gauges; null: nobody can tell.</param>
    public ExecutionInstruments(Func<ExecutionLoad>? load)
    {
        _submitted = CountTasks("submitted", "Tasks taken.");
        _completed = CountTasks("completed", "Tasks that ended COMPLETED.");
        _failed = CountTasks("failed", "Tasks that ended FAILED.");
        _cancelled = CountTasks("cancelled", "Tasks that ended CANCELLED.");
        _repeated = CountTasks("repeated", "Attempts that were repeated.");
        _cacheHits = CountTasks("cached", "Results that the cache gave.");
        _duration = _meter.CreateHistogram("executor.task.duration", "s", "How long runs took.", tags: null, Buckets);
        _queueTime = _meter.CreateHistogram("executor.task.queue_time", "s", "How long tasks waited for their start.", tags: null, Buckets);
        if (load is not null)
        {
            _meter.CreateObservableGauge("executor.queue.depth", () => load().Waiting, "{task}", "Tasks that wait.");
            _meter.CreateObservableGauge("executor.tasks.running", () => load().Running, "{task}", "Tasks that executors hold.");
            _meter.CreateObservableGauge("executor.slots", () => load().Slots, "{task}", "Tasks at once that the executors could hold together.");
        }
    }

    public void Submitted(int count) => _submitted.Add(count);

    public void Started(TimeSpan queued) => _queueTime.Record(queued.TotalSeconds);

    public void Repeated() => _repeated.Add(1);

    public void CacheHit() => _cacheHits.Add(1);

    public void Ended(ExecutionStatus status, TimeSpan? duration, string? runtime)
    {
        Counter<long> counter = status == ExecutionStatus.Completed ? _completed : status == ExecutionStatus.Failed ? _failed : _cancelled;
        if (!counter.Enabled && !_duration.Enabled)
        {
            return;
        }

        TagList tags = [];
        if (runtime is not null)
        {
            tags.Add("executor.runtime", runtime);
        }

        counter.Add(1, tags);
        if (duration is TimeSpan ran)
        {
            tags.Add("executor.task.status", status.ToString().ToUpperInvariant());
            _duration.Record(ran.TotalSeconds, tags);
        }
    }

    public void Dispose() => _meter.Dispose();

    private Counter<long> CountTasks(string name, string description) => _meter.CreateCounter<long>($"executor.tasks.{name}", "{task}", description);
}
