using System.Diagnostics.Metrics;
using Executor.Clocks;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Executor.Silo.Clustering;

/// <summary>
/// Compares the silo's time with the database's, which all silos have in common: at the start, and every minute. Says so when they differ, and shows by how much as the
/// gauge <c>executor.clock.offset</c>.
/// </summary>
internal sealed class DatabaseClock : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Allowed = TimeSpan.FromSeconds(5);

    private readonly string _postgres;
    private readonly SteadyTime _time;
    private readonly ILogger _log;
    private readonly Meter _meter = new("Executor");
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _running;
    private TimeSpan? _ahead;
    private bool _differs;

    private DatabaseClock(string postgres, SteadyTime time, ILogger log)
    {
        (_postgres, _time, _log) = (postgres, time, log);
        _meter.CreateObservableGauge("executor.clock.offset", Measure, "s", "How far this silo's time is ahead of the database's.");
        _running = RunAsync();
    }

    /// <summary>Begins.</summary>
    /// <param name="postgres">The cluster's database.</param>
    /// <param name="time">The silo's time.</param>
    /// <param name="log">Where it says that they differ.</param>
    public static DatabaseClock Watch(string postgres, SteadyTime time, ILogger log) => new(postgres, time, log);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _stopping.Dispose();
        _meter.Dispose();
    }

    private async Task RunAsync()
    {
        using PeriodicTimer timer = new(Period, _time);
        try
        {
            do
            {
                await TryCompareAsync(_stopping.Token);
            }
            while (await timer.WaitForNextTickAsync(_stopping.Token));
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }

    private async Task TryCompareAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using NpgsqlConnection database = new(_postgres);
            await database.OpenAsync(cancellationToken);
            await using NpgsqlCommand read = new("SELECT clock_timestamp()", database);
            long asked = _time.GetTimestamp();
            DateTimeOffset there = (DateTime)(await read.ExecuteScalarAsync(cancellationToken))!;
            DateTimeOffset here = _time.GetUtcNow();
            TimeSpan half = _time.GetElapsedTime(asked) / 2;
            Judge(here, there + half, half);
        }
        catch (Exception failed) when (failed is NpgsqlException or TimeoutException)
        {
            _log.ClockNotRead(failed.Message);
        }
    }

    /// <param name="here">The silo's time.</param>
    /// <param name="there">The database's at that moment, if the answer took half of the way there and back.</param>
    /// <param name="error">By how much that may be wrong.</param>
    private void Judge(DateTimeOffset here, DateTimeOffset there, TimeSpan error)
    {
        TimeSpan ahead = here - there;
        _ahead = ahead;
        bool differs = ahead.Duration() - error > Allowed;
        if (differs && !_differs)
        {
            _log.ClockDiffers(TimeSpan.FromSeconds(double.Round(ahead.Duration().TotalSeconds)), ahead > TimeSpan.Zero ? "ahead of" : "behind", here, there);
        }
        else if (!differs && _differs)
        {
            _log.ClockAgrees();
        }

        _differs = differs;
    }

    private IEnumerable<Measurement<double>> Measure() => _ahead is TimeSpan ahead ? [new Measurement<double>(ahead.TotalSeconds)] : [];
}
