using Executor.Clocks;
using Microsoft.Extensions.Logging;

namespace Executor.Hosting.Serving;

/// <summary>What is said when the system's clock is set.</summary>
public sealed class ClockWatchTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly JumpingTime _wall = new();
    private readonly WarningLog _log = new(LogLevel.Information);

    [Theory]
    [InlineData(1, "ahead")]
    [InlineData(-1, "back")]
    public async Task Clock_that_is_set_is_told_once_and_once_when_it_is_reached(int hours, string direction)
    {
        await using ClockWatch watch = ClockWatch.Start(new SteadyTime(_wall), _log);

        _wall.SetBy = Hour * hours;
        _wall.Advance(TimeSpan.FromSeconds(2));

        Assert.StartsWith(
            $"The system's clock was set {direction} by 01:00:00. Waits, leases and ages go by what has passed; the times that are shown are 01:00:00 off and come up to it within 10:00:00",
            await _log.NextAsync(),
            StringComparison.Ordinal);
        _wall.Advance(Hour * 10);
        Assert.Equal("Our time and the system's clock are the same again", await _log.NextAsync());
    }

    [Fact]
    public async Task Clock_that_is_set_once_more_is_told_again_and_one_that_is_set_by_little_is_not()
    {
        await using ClockWatch watch = ClockWatch.Start(new SteadyTime(_wall), _log);

        _wall.SetBy = TimeSpan.FromSeconds(4);
        _wall.Advance(TimeSpan.FromSeconds(60));
        _wall.SetBy += Hour;
        _wall.Advance(TimeSpan.FromSeconds(2));
        Assert.Contains("ahead by 01:00:00.", await _log.NextAsync(), StringComparison.Ordinal);
        _wall.SetBy -= Hour * 3;
        _wall.Advance(TimeSpan.FromSeconds(2));

        Assert.Contains("back by 03:00:00. Waits, leases and ages go by what has passed; the times that are shown are 02:00:00 off", await _log.NextAsync(), StringComparison.Ordinal);
    }
}
