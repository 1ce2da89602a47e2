namespace Executor.Hosting.Serving;

/// <summary>What a busy time has left behind.</summary>
public sealed class IdleTrimTests
{
    [Fact]
    public async Task Garbage_is_collected_though_nothing_is_allocated_any_more()
    {
        FakeTimeProvider time = new();
        await using IdleTrim trim = IdleTrim.Start(time);
        WeakReference garbage = Allocate();

        await Poll.UntilAsync("it is gone", () =>
        {
            time.Advance(TimeSpan.FromSeconds(2));
            return !garbage.IsAlive;
        });
    }

    private static WeakReference Allocate()
    {
        WeakReference last = new(null);
        for (int i = 0; i < 100; i++)
        {
            last.Target = new byte[1 << 20];
        }

        return last;
    }
}
