using Executor.Tasks;

namespace Executor.Storage;

/// <summary>Which tasks to list: those that match everything that is not null.</summary>
public sealed record TaskFilter
{
    /// <summary>Every task.</summary>
    public static TaskFilter All { get; } = new();

    /// <summary>Where they are.</summary>
    public ExecutionStatus? Status { get; init; }

    /// <summary>The registered executor that holds them or ran them.</summary>
    public string? ExecutorId { get; init; }

    /// <summary>The named code executor they ask for.</summary>
    public string? CodeExecutor { get; init; }

    /// <summary>Their name, exactly.</summary>
    public string? Name { get; init; }

    /// <summary>The runtime that ran them; before, the language they ask for.</summary>
    public string? Runtime { get; init; }

    /// <summary>Submitted then or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Whether a task is one of them.</summary>
    public bool Matches(TaskRecord task) =>
        (Status is null || task.State.Status == Status)
        && (ExecutorId is null || task.State.ExecutorId == ExecutorId)
        && (CodeExecutor is null || task.CodeExecutor == CodeExecutor)
        && (Name is null || task.Name == Name)
        && (Runtime is null || task.State.Runtime == Runtime)
        && (Since is null || task.SubmittedAt >= Since);
}
