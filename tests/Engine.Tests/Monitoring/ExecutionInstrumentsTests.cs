using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Executor.Tasks;

namespace Executor.Engine.Monitoring;

public sealed class ExecutionInstrumentsTests : IDisposable
{
    // The meters of tests that run beside this one have the same name: its own tasks are told by a runtime that only it has.
    private readonly string _runtime = $"runtime-{Guid.NewGuid():N}";
    private readonly ConcurrentBag<(string Instrument, double Value, string? Status)> _measured = [];
    private readonly MeterListener _listener = new();

    public ExecutionInstrumentsTests()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Executor")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.Start();
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public void Ends_are_counted_and_their_durations_recorded_in_seconds()
    {
        using ExecutionMonitor monitor = new(TimeProvider.System);

        monitor.TaskEnded(ExecutionStatus.Completed, TimeSpan.FromMilliseconds(250), _runtime);
        monitor.TaskEnded(ExecutionStatus.Failed, TimeSpan.FromMilliseconds(500), _runtime);
        monitor.TaskEnded(ExecutionStatus.Cancelled, duration: null, _runtime);

        Assert.Equal(
            [
                ("executor.task.duration", 0.25, "COMPLETED"),
                ("executor.task.duration", 0.5, "FAILED"),
                ("executor.tasks.cancelled", 1, null),
                ("executor.tasks.completed", 1, null),
                ("executor.tasks.failed", 1, null),
            ],
            _measured.Order());
    }

    [Fact]
    public void Gauges_ask_the_host_until_the_monitor_is_disposed()
    {
        int asked = 0;
        ExecutionMonitor monitor = new(TimeProvider.System, () =>
        {
            asked++;
            return default;
        });
        _listener.RecordObservableInstruments();
        int whileAlive = asked;

        monitor.Dispose();
        _listener.RecordObservableInstruments();

        Assert.Equal(3, whileAlive);
        Assert.Equal(whileAlive, asked);
    }

    private void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        Dictionary<string, object?> byName = new(tags.ToArray());
        if (byName.TryGetValue("executor.runtime", out object? runtime) && Equals(runtime, _runtime))
        {
            _measured.Add((instrument.Name, value, (string?)byName.GetValueOrDefault("executor.task.status")));
        }
    }
}
