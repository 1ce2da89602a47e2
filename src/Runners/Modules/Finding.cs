namespace Executor.Runners.Modules;

/// <summary>Something <c>doctor</c> looked at.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Status">How it is.</param>
/// <param name="Detail">What was found.</param>
/// <param name="Remedy">What to do about it; null where nothing needs to be done.</param>
public sealed record Finding(string Name, FindingStatus Status, string Detail, string? Remedy = null);

/// <summary>How something that <c>doctor</c> looked at is.</summary>
public enum FindingStatus
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Tasks run, with less than could be had.</summary>
    Warning,

    /// <summary>Tasks can't run as they should.</summary>
    Problem,
}
