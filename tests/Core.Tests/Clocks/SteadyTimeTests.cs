using CsCheck;

namespace Executor.Clocks;

/// <summary>A time that goes on as time does, whatever becomes of the clock under it.</summary>
public sealed class SteadyTimeTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly JumpingTime _wall = new();

    [Fact]
    public void Time_is_that_of_a_clock_that_nobody_sets()
    {
        SteadyTime time = new(_wall);

        Gen.Int[0, 100_000_000].Array[1, 50].Sample(
            steps => Assert.All(steps, step =>
            {
                _wall.Advance(TimeSpan.FromTicks(step));
                Assert.Equal((_wall.GetUtcNow(), TimeSpan.Zero), (time.GetUtcNow(), time.Difference));
            }),
            threads: 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(30 * 24)]
    [InlineData(-30 * 24)]
    public void Clock_that_is_set_moves_it_by_nothing_at_once_and_by_a_tenth_of_what_passes(int hours)
    {
        SteadyTime time = new(_wall);
        DateTimeOffset before = time.GetUtcNow();
        _wall.SetBy = TimeSpan.FromHours(hours);

        Assert.Equal((before, TimeSpan.FromHours(hours)), (time.GetUtcNow(), time.Difference));
        _wall.Advance(Hour);
        Assert.Equal(before + Hour + (int.Sign(hours) * Hour / 10), time.GetUtcNow());
        _wall.Advance((TimeSpan.FromHours(hours).Duration() * 10) - Hour);

        Assert.Equal((_wall.GetUtcNow(), TimeSpan.Zero), (time.GetUtcNow(), time.Difference));
    }

    [Fact]
    public void Any_history_of_jumps_goes_on_at_nearly_the_pace_of_time_and_comes_nearer() =>
        Gen.Select(Gen.Int[0, 1_000_000_000], Gen.Frequency((3, Gen.Const(0L)), (1, Gen.Long[-40_000_000_000_000, 40_000_000_000_000]))).Array[1, 60].Sample(
            history =>
            {
                JumpingTime wall = new();
                SteadyTime time = new(wall);
                DateTimeOffset last = time.GetUtcNow();
                foreach ((int passed, long jump) in history)
                {
                    TimeSpan far = time.Difference.Duration();
                    wall.Advance(TimeSpan.FromTicks(passed));
                    wall.SetBy += TimeSpan.FromTicks(jump);

                    DateTimeOffset now = time.GetUtcNow();

                    // To one tick, in which times are counted.
                    Assert.InRange((now - last).Ticks, passed - (passed / 10) - 1, passed + (passed / 10) + 1);
                    Assert.Equal(wall.GetUtcNow() - now, time.Difference);
                    if (jump == 0)
                    {
                        Assert.InRange(time.Difference.Duration().Ticks, 0, long.Max(0, far.Ticks - (passed / 10) + 1));
                    }

                    last = now;
                }

                wall.Advance(time.Difference.Duration() * SteadyTime.Share);
                Assert.Equal(wall.GetUtcNow(), time.GetUtcNow());
            });

    [Fact]
    public void However_often_it_is_asked_it_comes_up_to_the_clock_all_the_same()
    {
        SteadyTime time = new(_wall);
        _wall.SetBy = TimeSpan.FromTicks(1_000);

        for (int i = 0; i < 10_000; i++)
        {
            _wall.Advance(TimeSpan.FromTicks(1));
            time.GetUtcNow();
        }

        Assert.Equal(TimeSpan.Zero, time.Difference);
    }

    [Fact]
    public async Task Many_threads_see_it_go_forward()
    {
        SteadyTime time = new(TimeProvider.System);
        DateTimeOffset newest = DateTimeOffset.MinValue;
        Lock seen = new();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < 20_000; i++)
            {
                lock (seen)
                {
                    DateTimeOffset now = time.GetUtcNow();
                    Assert.True(now >= newest);
                    newest = now;
                }

                time.GetUtcNow();
            }
        })));

        Assert.InRange(time.Difference.Duration(), TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void There_is_one_over_the_systems_clock_and_none_over_itself()
    {
        SteadyTime own = new(_wall);

        Assert.Same(SteadyTime.System, SteadyTime.Over(TimeProvider.System));
        Assert.Same(own, SteadyTime.Over(own));
        Assert.NotSame(SteadyTime.System, SteadyTime.Over(_wall));
    }

    [Fact]
    public async Task Timers_go_by_what_passes()
    {
        SteadyTime time = new(_wall);
        Task waits = Task.Delay(Hour, time, CancellationToken.None);

        _wall.SetBy = Hour * 2;
        _wall.Advance(Hour - TimeSpan.FromMilliseconds(1));
        Assert.False(waits.IsCompleted);
        _wall.Advance(TimeSpan.FromMilliseconds(1));

        await waits.WaitAsync(TimeSpan.FromSeconds(20));
    }
}
