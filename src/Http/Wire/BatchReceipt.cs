namespace Executor.Http.Wire;

/// <summary>The answer to a batch.</summary>
public sealed record BatchReceipt
{
    /// <summary>One for each task, in the order in which they were sent.</summary>
    public required IReadOnlyList<SubmitReceipt> Tasks { get; init; }

    /// <summary>How many of them were refused; see <see cref="SubmitReceipt.Error"/>.</summary>
    public int Refused { get; init; }
}
