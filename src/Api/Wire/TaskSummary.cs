using Executor.Storage;
using Executor.Tasks;

namespace Executor.Api.Wire;

/// <summary>A task as lists show it. Times are milliseconds since the Unix epoch.</summary>
public record TaskSummary
{
    /// <summary>The task.</summary>
    public required string TaskId { get; init; }

    /// <summary>A name for people.</summary>
    public string? Name { get; init; }

    /// <summary>Where it is. RUNNING may be told up to a second late.</summary>
    public required ExecutionStatus Status { get; init; }

    /// <summary>The attempt that runs, ran last, or will run next. From 1.</summary>
    public int Attempt { get; set; } = 1; // settable: the JSON source generator resets an init-only member that the JSON does not name

    /// <summary>Higher runs first.</summary>
    public int Priority { get; init; }

    /// <summary>The kind of runner it asks for; null: any.</summary>
    public RunnerKind? Runner { get; init; }

    /// <summary>The named code executor it asks for; null: the default one.</summary>
    public string? Executor { get; init; }

    /// <summary>The registered executor that holds it or ran it; null while it waits.</summary>
    public string? ExecutorId { get; init; }

    /// <summary>The runtime that ran it; before, the language it asks for.</summary>
    public string? RuntimeId { get; init; }

    /// <summary>Ids of tasks that must be COMPLETED first; null: none.</summary>
    public IReadOnlyList<string>? DependsOn { get; init; }

    /// <summary>Whether somebody asked for its end.</summary>
    public bool CancelRequested { get; init; }

    /// <summary>When it was submitted.</summary>
    public long SubmitTimeMs { get; init; }

    /// <summary>When the next attempt may start; null: at once.</summary>
    public long? NotBeforeTimeMs { get; init; }

    /// <summary>When its current attempt began to run; null: it has not, or that was not recorded.</summary>
    public long? StartTimeMs { get; init; }

    /// <summary>When it ended; null: it has not.</summary>
    public long? EndTimeMs { get; init; }

    /// <summary>A task as it is stored.</summary>
    public static TaskSummary Of(TaskRecord task) => new()
    {
        TaskId = task.TaskId,
        Name = task.Name,
        Status = task.State.Status,
        Attempt = task.State.Attempt,
        Priority = task.Priority,
        Runner = task.Runner,
        Executor = task.CodeExecutor,
        ExecutorId = task.State.ExecutorId,
        RuntimeId = task.State.Runtime,
        DependsOn = task.DependsOn is { Count: > 0 } parents ? parents : null,
        CancelRequested = task.State.CancelRequested,
        SubmitTimeMs = task.SubmittedAt.ToUnixTimeMilliseconds(),
        NotBeforeTimeMs = task.State.NotBefore?.ToUnixTimeMilliseconds(),
        StartTimeMs = task.State.StartedAt?.ToUnixTimeMilliseconds(),
        EndTimeMs = task.State.EndedAt?.ToUnixTimeMilliseconds(),
    };
}
