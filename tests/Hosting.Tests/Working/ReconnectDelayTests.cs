
namespace Executor.Hosting.Working;

public sealed class ReconnectDelayTests
{
    [Fact]
    public void Waits_double_up_to_half_a_minute_and_begin_anew_when_reset()
    {
        ReconnectDelay delay = new(new Random(7));
        double[] longest = [0.5, 1, 2, 4, 8, 16, 30, 30];
        foreach (double seconds in longest)
        {
            Assert.InRange(delay.Next().TotalSeconds, seconds / 2, seconds);
        }

        delay.Reset();
        Assert.InRange(delay.Next().TotalSeconds, 0.25, 0.5);
    }
}
