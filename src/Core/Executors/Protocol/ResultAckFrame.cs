using Executor.Scheduling;

namespace Executor.Executors.Protocol;

/// <summary>A result is stored, or refused for good: the executor can forget it.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Attempt">Its attempt.</param>
/// <param name="Accepted">Whether it was taken; false: the attempt was no longer the executor's.</param>
public sealed record ResultAckFrame(string TaskId, int Attempt, bool Accepted) : ServerFrame
{
    /// <inheritdoc/>
    public override string Type => "result_ack";

    /// <summary>The attempt.</summary>
    public TaskAttempt ToAttempt() => new(TaskId, Attempt);
}
