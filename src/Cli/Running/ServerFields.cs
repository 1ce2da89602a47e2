using Executor.Tasks;

namespace Executor.Cli.Running;

/// <summary>The fields of a task that only a server acts on, since they are about more than this one task on this one machine.</summary>
internal static class ServerFields
{
    private const string Explanation = "is for tasks submitted to a server; run and batch do without one";

    /// <summary>Adds a fault for each of them that the task uses: leaving them out silently would not be what was asked.</summary>
    public static void Check(TaskSpec task, List<ValidationFault> faults)
    {
        Check("capabilities", task.Capabilities is { Count: > 0 }, faults);
        Check("resources.gpus", task.Resources is { Gpus: > 0 }, faults);
        Check("callback_url", task.CallbackUrl is not null, faults);
    }

    private static void Check(string field, bool isUsed, List<ValidationFault> faults)
    {
        if (isUsed)
        {
            faults.Add(new ValidationFault(field, Explanation));
        }
    }
}
