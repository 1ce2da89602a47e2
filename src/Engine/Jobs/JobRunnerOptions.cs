namespace Executor.Engine.Jobs;

/// <summary>How a <see cref="JobRunner"/> goes about its jobs.</summary>
public sealed record JobRunnerOptions
{
    /// <summary>Jobs that run at once; further ones wait. Range over 0. Default 4.</summary>
    public int MaxRunning { get; init; } = 4;

    /// <summary>Between two writes of a running job's progress and log. Range over 0. Default 0.5 s.</summary>
    public TimeSpan SaveInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long stopping waits for jobs that don't heed it. Default 10 s.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
