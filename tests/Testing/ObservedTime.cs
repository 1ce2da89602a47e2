using System.Threading.Channels;

namespace Executor.Testing;

/// <summary>A fake clock that tells when somebody begins to wait by it.</summary>
public sealed class ObservedTime : FakeTimeProvider
{
    private readonly Channel<TimeSpan> _waits = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = base.CreateTimer(callback, state, dueTime, period);
        _waits.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Ends when somebody has begun to wait for so long; the waits that began before that one are forgotten.</summary>
    public async Task WaitedForAsync(TimeSpan wait)
    {
        using CancellationTokenSource timeLimit = new(TimeSpan.FromSeconds(30));
        while (await _waits.Reader.ReadAsync(timeLimit.Token) != wait)
        {
        }
    }
}
