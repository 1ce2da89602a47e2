using Executor.Limits;

namespace Executor.Runners;

/// <summary>What holds for every task of a <see cref="TaskRunner"/> unless the task or its code executor says otherwise.</summary>
public sealed record TaskRunnerDefaults
{
    /// <summary>Limits of tasks that bring none; the configuration's <c>limits</c>.</summary>
    public TaskLimits? Limits { get; init; }

    /// <summary>What no task may exceed; the configuration's <c>limits_ceiling</c>.</summary>
    public TaskLimits? Ceiling { get; init; }

    /// <summary>Between asking a program to stop and killing it. Default 0.5 s.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Total size of the artifacts a task may return, in MiB. Default 32.</summary>
    public int ArtifactsMb { get; init; } = 32;
}
