namespace Executor.Storage;

/// <summary>What came of a submit.</summary>
/// <param name="Status">Whether it is stored now, was before, or is refused.</param>
/// <param name="State">Where the stored task of that id is now.</param>
public readonly record struct SubmitOutcome(SubmitStatus Status, TaskState State);

/// <summary>Whether a submitted task was stored.</summary>
public enum SubmitStatus
{
    /// <summary>It is stored now, PENDING.</summary>
    Stored,

    /// <summary>A task of that id and of equal content is there already: it is the same task.</summary>
    Existing,

    /// <summary>A task of that id but of other content is there already. Nothing was stored.</summary>
    Conflict,
}
