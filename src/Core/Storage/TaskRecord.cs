using Executor.Tasks;

namespace Executor.Storage;

/// <summary>A stored task without its spec: what lists, schedulers and restarts need of it.</summary>
public sealed record TaskRecord
{
    /// <summary>The task.</summary>
    public required string TaskId { get; init; }

    /// <summary>A name for people.</summary>
    public string? Name { get; init; }

    /// <summary>Which kind of runner must run it; null: any.</summary>
    public RunnerKind? Runner { get; init; }

    /// <summary>Which named code executor must run it; null: the default one.</summary>
    public string? CodeExecutor { get; init; }

    /// <summary>What an executor must have to be given the task.</summary>
    public IReadOnlyList<string> Capabilities { get; init; } = [];

    /// <summary>What it occupies while it runs; null: a slot and nothing else.</summary>
    public ResourceRequest? Resources { get; init; }

    /// <summary>Ids of tasks that must be COMPLETED first.</summary>
    public IReadOnlyList<string> DependsOn { get; init; } = [];

    /// <summary>Higher runs first.</summary>
    public int Priority { get; init; }

    /// <summary>When it was submitted, to the millisecond.</summary>
    public required DateTimeOffset SubmittedAt { get; init; }

    /// <summary>When it fails unless it has started, to the millisecond; null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Where it is.</summary>
    public required TaskState State { get; init; }

    /// <summary>The record of a task as submitted.</summary>
    /// <exception cref="ArgumentException">The spec has no id.</exception>
    public static TaskRecord Of(TaskSubmission submission)
    {
        TaskSpec spec = submission.Spec;
        ArgumentException.ThrowIfNullOrEmpty(spec.TaskId, "task_id");
        return new TaskRecord
        {
            TaskId = spec.TaskId,
            Name = spec.Name,
            Runner = spec.Runner,
            CodeExecutor = spec.Executor,
            Capabilities = spec.Capabilities ?? [],
            Resources = spec.Resources,
            DependsOn = spec.DependsOn ?? [],
            Priority = spec.Priority,
            SubmittedAt = StoredTime.Truncate(submission.SubmittedAt),
            ExpiresAt = StoredTime.Truncate(submission.SubmittedAt + spec.QueueTimeout),
            State = TaskState.Submitted(spec),
        };
    }
}

/// <summary>A stored task.</summary>
/// <param name="Record">Where it is.</param>
/// <param name="Spec">What was asked.</param>
public sealed record StoredTask(TaskRecord Record, TaskSpec Spec);
