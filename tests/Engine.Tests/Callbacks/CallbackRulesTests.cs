using Executor.Storage;

namespace Executor.Engine.Callbacks;

public sealed class CallbackRulesTests
{
    private static readonly DateTimeOffset Ended = new(2031, 5, 17, 10, 0, 0, TimeSpan.Zero);

    private static CallbackRecord Callback(int attempts = 0) =>
        new() { Sequence = 7, TaskId = "t", Url = "http://h/", EndedAt = Ended, NextAt = Ended, Attempts = attempts };

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 4)]
    [InlineData(5, 64)]
    [InlineData(12, 8_192)]
    [InlineData(13, 14_400)]
    [InlineData(28, 14_400)]
    public void Wait_is_doubled_up_to_four_hours_and_spread_over_its_second_half(int attempts, int seconds)
    {
        CallbackOutcome soonest = CallbackRules.Fail(Callback(attempts), "no", Ended, jitter: 0);
        CallbackOutcome latest = CallbackRules.Fail(Callback(attempts), "no", Ended, jitter: 1);

        Assert.Equal(new CallbackPutOff(7, attempts + 1, Ended.AddSeconds(seconds / 2.0), "no"), soonest);
        Assert.Equal(new CallbackPutOff(7, attempts + 1, Ended.AddSeconds(seconds), "no"), latest);
    }

    [Fact]
    public void Callback_is_given_up_after_thirty_tries_or_three_days()
    {
        DateTimeOffset late = Ended.AddDays(3).AddSeconds(-1);

        Assert.Equal(new CallbackGivenUp(7, 30, Ended, "no"), CallbackRules.Fail(Callback(29), "no", Ended, 0));
        Assert.Equal(new CallbackGivenUp(7, 1, late, "no"), CallbackRules.Fail(Callback(), "no", late, 0));
        Assert.Null(CallbackRules.Expire(Callback(), "down", late));
        Assert.Equal(new CallbackGivenUp(7, 0, Ended.AddDays(3), "down"), CallbackRules.Expire(Callback(), "down", Ended.AddDays(3)));
    }

    [Fact]
    public void Host_is_left_alone_for_up_to_five_minutes() => Assert.Equal(
        [1, 2, 4, 256, 300, 300], ((int[])[1, 2, 3, 9, 10, 1_000]).Select(failures => CallbackRules.HostWait(failures, 1).TotalSeconds));
}
