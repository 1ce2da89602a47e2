using Executor.Scheduling;

namespace Executor.Executors.Protocol;

/// <summary>An attempt to stop. Its result is to be reported all the same.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Attempt">Its attempt.</param>
public sealed record CancelFrame(string TaskId, int Attempt) : ServerFrame
{
    /// <inheritdoc/>
    public override string Type => "cancel";

    /// <summary>The frame that stops it.</summary>
    public static CancelFrame Of(TaskAttempt task) => new(task.TaskId, task.Attempt);

    /// <summary>The attempt.</summary>
    public TaskAttempt ToAttempt() => new(TaskId, Attempt);
}
