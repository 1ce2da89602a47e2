using Executor.Scheduling;
using Executor.Tasks;

namespace Executor.Executors.Protocol;

/// <summary>What is wrong with attempts that a frame names.</summary>
internal static class AttemptFaults
{
    public static IEnumerable<ValidationFault> Of(string? taskId, int attempt)
    {
        if (string.IsNullOrEmpty(taskId))
        {
            yield return new ValidationFault("task_id", "is missing; it must be the task_id of the run frame");
        }

        if (attempt < 1)
        {
            yield return new ValidationFault("attempt", $"is {attempt} or missing; it must be the attempt of the run frame, 1 or more");
        }
    }

    public static IEnumerable<ValidationFault> Of(IReadOnlyList<TaskAttempt> attempts, string field) =>
        from index in Enumerable.Range(0, attempts.Count)
        from fault in Of(attempts[index].TaskId, attempts[index].Attempt)
        select fault with { Field = $"{field}[{index}].{fault.Field}" };
}
