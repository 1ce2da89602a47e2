namespace Executor.Scheduling;

/// <summary>
/// One attempt of a task: the fence. At most one executor ever holds a given attempt, so whoever speaks for another attempt than
/// the current one is refused.
/// </summary>
/// <param name="TaskId">The task.</param>
/// <param name="Attempt">Which attempt, from 1.</param>
public readonly record struct TaskAttempt(string TaskId, int Attempt)
{
    /// <inheritdoc/>
    public override string ToString() => $"{TaskId}#{Attempt}";
}
