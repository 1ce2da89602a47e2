namespace Executor.Limits;

/// <summary>The ranges that <see cref="TaskLimits"/> documents, for those who read limits.</summary>
public static class TaskLimitRanges
{
    /// <summary>Most of anything counted in MiB or KiB, and of open files.</summary>
    public const int Most = 1_048_576;

    /// <summary>Most processes and threads.</summary>
    public const int MostPids = 32_768;

    /// <summary>Fewest open files: below this not even an interpreter starts.</summary>
    public const int FewestOpenFiles = 16;
}
