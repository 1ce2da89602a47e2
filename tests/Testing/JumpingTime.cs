namespace Executor.Testing;

/// <summary>A fake clock that can be set, as a system's can: timers and timestamps go by what has passed, and only the time of day jumps.</summary>
public sealed class JumpingTime : FakeTimeProvider
{
    /// <summary>By how much it was set, all in all.</summary>
    public TimeSpan SetBy { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + SetBy;

    public override long GetTimestamp() => base.GetUtcNow().Ticks;
}
