namespace Executor.Storage;

/// <summary>What came of a change to a stored task.</summary>
public enum WriteOutcome
{
    /// <summary>It is stored, durably.</summary>
    Recorded,

    /// <summary>Nothing changed: another attempt than the one named is current, or the task had ended.</summary>
    Stale,

    /// <summary>Nothing changed: there is no such task. It never was, or retention removed it.</summary>
    NotFound,
}
