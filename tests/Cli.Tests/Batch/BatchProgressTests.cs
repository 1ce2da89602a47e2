namespace Executor.Cli.Batch;

public sealed class BatchProgressTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Progress_describes_counts_rate_and_remaining_time()
    {
        BatchProgress progress = new(_time) { Total = 200 };
        Add(progress, 40, success: true);
        Add(progress, 10, success: false);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("50/200 done, 10 failed, 25/s, ETA 0:06", progress.Describe());
    }

    [Fact]
    public void Skipped_tasks_count_as_done_but_not_into_the_rate()
    {
        BatchProgress progress = new(_time) { Total = 100 };
        for (int i = 0; i < 90; i++)
        {
            progress.AddSkipped(success: true);
        }

        Add(progress, 5, success: true);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("95/100 done, 0 failed, 0.5/s, ETA 0:10", progress.Describe());
    }

    [Fact]
    public void Without_a_total_there_is_no_remaining_time()
    {
        BatchProgress progress = new(_time);
        Add(progress, 3, success: true);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("3 done, 0 failed, 3.0/s", progress.Describe());
    }

    [Fact]
    public void Long_remaining_times_have_hours()
    {
        BatchProgress progress = new(_time) { Total = 10_001 };
        Add(progress, 1, success: true);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.EndsWith("ETA 2:46:40", progress.Describe(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, "[############............] 50/100 done, 0 failed, 50/s, ETA 0:01")]
    [InlineData(31, "[############............] 50/")]
    [InlineData(0, "")]
    public void Bar_is_never_wider_than_the_terminal(int width, string expected)
    {
        BatchProgress progress = new(_time) { Total = 100 };
        Add(progress, 50, success: true);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(expected, ProgressDisplay.Draw(progress, width));
    }

    private static void Add(BatchProgress progress, int count, bool success)
    {
        for (int i = 0; i < count; i++)
        {
            progress.AddEnded(success);
        }
    }
}
