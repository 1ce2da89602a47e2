namespace Executor.Library;

public sealed class OwnThreadTests
{
    private static readonly AsyncLocal<string?> Flowing = new();

    [Fact]
    public async Task Threads_are_used_again()
    {
        HashSet<int> threads = [];
        for (int i = 0; i < 300; i++)
        {
            threads.Add((int)(await OwnThread.RunAsync(() => Environment.CurrentManagedThreadId))!);
        }

        Assert.InRange(threads.Count, 1, 100);
    }

    [Fact]
    public async Task Functions_at_once_have_a_thread_each()
    {
        using Barrier together = new(10);

        object?[] threads = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => OwnThread.RunAsync(() =>
        {
            together.SignalAndWait();
            return Environment.CurrentManagedThreadId;
        })));

        Assert.Equal(10, threads.Distinct().Count());
    }

    [Fact]
    public async Task What_flows_with_the_caller_flows_to_the_function_and_not_to_the_next_one()
    {
        Flowing.Value = "here";
        Assert.Equal("here", await OwnThread.RunAsync(() => Flowing.Value));

        Flowing.Value = null;
        Assert.Null(await OwnThread.RunAsync(() => Flowing.Value));
    }

    [Fact]
    public async Task Exception_is_the_callers_and_the_thread_goes_on()
    {
        await Assert.ThrowsAsync<FormatException>(() => OwnThread.RunAsync(() => throw new FormatException()));

        Assert.Equal(1, await OwnThread.RunAsync(() => 1));
    }
}
