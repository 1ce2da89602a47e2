using Executor.Execution;
using static Executor.Library.SimpleTasks;

namespace Executor.Library;

public sealed class ParallelProgressTests
{
    [Fact]
    public async Task Progress_tells_beginnings_and_ends_one_at_a_time()
    {
        await using ParallelExecutor executor = new();
        Recorder recorder = new();

        await executor.ExecuteAsync(
            [
                .. Enumerable.Range(0, 50).Select(i => Empty($"t{i}")),
                ParallelTask.Call("bad", void () => throw new InvalidOperationException("no")),
                Empty("never", "bad"),
            ],
            recorder);

        ParallelProgress[] ends = [.. recorder.Seen.Where(seen => seen.Result is not null)];
        Assert.Equal(Enumerable.Range(1, 52), ends.Select(seen => seen.Ended));
        Assert.Equal((52, 50, 2, 0), (ends[^1].Total, ends[^1].Completed, ends[^1].Failed, ends[^1].Cancelled));
        string[] begun = [.. recorder.Seen.Where(seen => seen.Result is null).Select(seen => seen.TaskId)];
        Assert.Equal(51, begun.Distinct().Count());
        Assert.DoesNotContain("never", begun);
        Assert.Equal(["bad", "never"], ends.Select(seen => seen.TaskId).Where(id => id is "bad" or "never"));
        Assert.All(begun, id => Assert.True(
            recorder.Seen.FindIndex(seen => seen.TaskId == id && seen.Result is null) < recorder.Seen.FindIndex(seen => seen.TaskId == id && seen.Result is not null)));
    }

    [Fact]
    public async Task What_the_progress_throws_is_thrown_and_cancels_the_rest()
    {
        await using ParallelExecutor executor = new(new ParallelExecutorOptions { Mode = ParallelMode.Sequential });

        await Assert.ThrowsAsync<TimeoutException>(() => executor.ExecuteAsync(
            [Empty("a"), Waiting("b", "a"), Empty("c", "b")],
            new Recorder { Throw = seen => seen.TaskId == "a" && seen.Result is not null ? new TimeoutException() : null }));

        ExecutionMetrics metrics = await executor.GetMetricsAsync();
        Assert.Equal((1, 0, 2), (metrics.Completed, metrics.Failed, metrics.Cancelled));
        Assert.Equal((0, 0), (metrics.QueueDepth, metrics.Running));
    }

    /// <summary>Keeps what it is told, on the spot.</summary>
    private sealed class Recorder : IProgress<ParallelProgress>
    {
        public List<ParallelProgress> Seen { get; } = [];

        public Func<ParallelProgress, Exception?> Throw { get; init; } = _ => null;

        public void Report(ParallelProgress value)
        {
            Seen.Add(value);
            if (Throw(value) is Exception exception)
            {
                throw exception;
            }
        }
    }
}
