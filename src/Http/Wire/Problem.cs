using Executor.Tasks;

namespace Executor.Http.Wire;

/// <summary>Why a request did not succeed: RFC 9457, <c>application/problem+json</c>.</summary>
public sealed record Problem
{
    /// <summary>Which kind it is, for programs: one of <see cref="ProblemTypes"/>.</summary>
    public required string Type { get; init; }

    /// <summary>The kind in words.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>What was wrong with this request, and what would be right.</summary>
    public string? Detail { get; init; }

    /// <summary>Every bad field, where there are any; at most 100 are listed.</summary>
    public IReadOnlyList<FieldProblem>? Errors { get; init; }

    /// <summary>Where the task is that has the id; null: it is not about that.</summary>
    public ExecutionStatus? TaskStatus { get; init; }

    /// <summary>How many tasks wait, where the queue is full; else null.</summary>
    public long? Waiting { get; init; }

    /// <summary>How many tasks may wait, where the queue is full; else null.</summary>
    public long? Maximum { get; init; }

    /// <summary>Why a session's interpreter is not there, or what its startup code failed with; else null.</summary>
    public TaskError? Error { get; init; }

    /// <summary>That of a task whose id another task has.</summary>
    /// <param name="taskId">The id.</param>
    /// <param name="status">Where the task is that has it.</param>
    public static Problem TaskIdTaken(string taskId, ExecutionStatus status) => new()
    {
        Type = ProblemTypes.Conflict,
        Title = "It can't be done as things are",
        Status = 409,
        Detail = $"another task has the task_id '{taskId}'; choose another id, or leave it out to be given one",
        TaskStatus = status,
    };
}
