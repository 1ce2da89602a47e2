namespace Executor.Http;

public sealed class RetryScheduleTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Waits_grow_and_end_with_the_time_limit()
    {
        RetrySchedule schedule = new(_time);
        List<TimeSpan> waits = [];
        while (schedule.Next(TimeSpan.FromSeconds(10)) is TimeSpan wait)
        {
            waits.Add(wait);
            _time.Advance(wait);
        }

        Assert.InRange(waits[0].TotalMilliseconds, 75, 125);
        Assert.InRange(waits[^1].TotalMilliseconds, 1_500, 2_500);
        Assert.InRange(waits.Sum(wait => wait.TotalSeconds), 7, 10);
    }

    [Fact]
    public void Wait_that_the_server_asks_for_is_kept_but_not_for_more_than_a_minute()
    {
        RetrySchedule schedule = new(_time);
        Assert.Equal(TimeSpan.FromSeconds(7), schedule.Next(Timeout.InfiniteTimeSpan, TimeSpan.FromSeconds(7)));
        Assert.Equal(TimeSpan.FromMinutes(1), schedule.Next(Timeout.InfiniteTimeSpan, TimeSpan.FromDays(7)));
        Assert.Equal(TimeSpan.FromMilliseconds(100), schedule.Next(Timeout.InfiniteTimeSpan, TimeSpan.FromDays(-7)));
    }

    [Fact]
    public void Wait_longer_than_what_is_left_of_the_time_limit_is_not_begun() =>
        Assert.Null(new RetrySchedule(_time).Next(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(4)));

    [Fact]
    public void Reset_begins_anew()
    {
        RetrySchedule schedule = new(_time);
        schedule.Next(TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(schedule.Next(TimeSpan.FromSeconds(1)));
        schedule.Reset();
        Assert.NotNull(schedule.Next(TimeSpan.FromSeconds(1)));
    }
}
