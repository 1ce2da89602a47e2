using Executor.Clocks;
using Microsoft.Extensions.Logging;

namespace Executor.Hosting.Serving;

/// <summary>Says when the system's clock is set while the process runs, and when our time has come up to it.</summary>
public sealed class ClockWatch : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>What a clock may be set by without a word: time servers do that all the time.</summary>
    private static readonly TimeSpan Allowed = TimeSpan.FromSeconds(5);

    /// <summary>What counts as come up to it.</summary>
    private static readonly TimeSpan Near = TimeSpan.FromSeconds(1);

    private readonly SteadyTime _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _running;
    private TimeSpan _seen;
    private bool _isFar;

    private ClockWatch(SteadyTime time, ILogger log)
    {
        (_time, _log) = (time, log);
        _running = RunAsync();
    }

    /// <summary>Begins to look, every second until it is disposed of.</summary>
    public static ClockWatch Start(SteadyTime time, ILogger log) => new(time, log);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        using PeriodicTimer timer = new(Period, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                Look(_time.Difference);
            }
        }
        catch (OperationCanceledException)
        {
            // The process ends.
        }
    }

    private void Look(TimeSpan difference)
    {
        // Between two looks it comes nearer by a fraction of a second.
        TimeSpan setBy = difference - _seen;
        _seen = difference;
        if (_isFar && difference.Duration() < Near)
        {
            _isFar = false;
            _log.ClockReached();
        }
        else if (setBy.Duration() > Allowed || (!_isFar && difference.Duration() > Allowed))
        {
            _isFar = true;
            TimeSpan off = Rounded(difference.Duration());
            _log.ClockSet(setBy > TimeSpan.Zero ? "ahead" : "back", Rounded(setBy.Duration()), off, off * SteadyTime.Share);
        }
    }

    private static TimeSpan Rounded(TimeSpan time) => TimeSpan.FromSeconds(double.Round(time.TotalSeconds));
}
