namespace Executor.Http.Wire;

/// <summary>A page of the results that have not been delivered, those of the newest tasks first.</summary>
public sealed record CallbackList
{
    /// <summary>The callbacks.</summary>
    public required IReadOnlyList<CallbackDetail> Callbacks { get; init; }

    /// <summary>What to hand back as <c>cursor</c> for the next page; null: this was the last one.</summary>
    public string? NextCursor { get; init; }
}
