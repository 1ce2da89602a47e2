using System.Text.Json.Serialization;
using Executor.Tasks;

namespace Executor.Http.Wire;

/// <summary>Where a task is: the answer to a submit, a cancel, and a request for a result that is not there yet.</summary>
public sealed record SubmitReceipt
{
    /// <summary>The task's id: the caller's, or the one chosen for it.</summary>
    public required string TaskId { get; init; }

    /// <summary>Where it is; null: it was refused.</summary>
    public ExecutionStatus? Status { get; init; }

    /// <summary>Of a submit: whether the same task was there already, so that nothing was stored. Left out where it was not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Existing { get; init; }

    /// <summary>Of a cancel: whether it had ended before. Left out where it had not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool AlreadyEnded { get; init; }

    /// <summary>Why it was refused, though the others of its batch were not: another task has the id. Null: it was not.</summary>
    public Problem? Error { get; init; }
}
