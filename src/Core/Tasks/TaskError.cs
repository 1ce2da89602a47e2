namespace Executor.Tasks;

/// <summary>Why a task did not succeed.</summary>
public sealed record TaskError
{
    /// <summary>
    /// What kind: an exception's type name when the user's code raised one, else one of <see cref="TaskErrorTypes"/>. Only
    /// those that start with <c>infrastructure.</c> are failures of our own machinery.
    /// </summary>
    public required string Type { get; init; }

    /// <summary>One sentence for a person.</summary>
    public required string Message { get; init; }

    /// <summary>The traceback or stack trace of the user's code, where the language prints one.</summary>
    public string? Traceback { get; init; }

    /// <summary>That of every cancelled task.</summary>
    public static TaskError Cancelled { get; } = new() { Type = TaskErrorTypes.Cancelled, Message = "the task was cancelled" };
}
