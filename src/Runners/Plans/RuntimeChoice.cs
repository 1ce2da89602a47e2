using Executor.Runtimes;
using Executor.Tasks;

namespace Executor.Runners.Plans;

/// <summary>Tells which runtime a task needs.</summary>
internal static class RuntimeChoice
{
    /// <summary>The runtime; null for a command, or when there is none and a fault says so.</summary>
    public static RuntimeDefinition? Of(TaskSpec task, RuntimeCatalog catalog, List<ValidationFault> faults)
    {
        int kinds = (task.Code is null ? 0 : 1) + (task.Script is null ? 0 : 1) + (task.Command is null ? 0 : 1) + (task.Entrypoint is null ? 0 : 1);
        if (kinds != 1)
        {
            faults.Add(new ValidationFault("", $"exactly one of code, script, command and entrypoint is needed; the task has {kinds}"));
            return null;
        }

        if (task.Command is not null)
        {
            if (task.Command.Count == 0 || task.Command[0].Length == 0)
            {
                faults.Add(new ValidationFault("command", "must name a program"));
            }

            return null;
        }

        if (task.Language is string language)
        {
            return catalog.Find(language) ?? Missing(faults, "language", catalog.DescribeUnknown(language));
        }

        return task.Script is string script ? catalog.ForFile(script) ?? Missing(faults, "script", catalog.DescribeUnknownFile(script))
            : task.Entrypoint is not null ? catalog.Find("python") ?? Missing(faults, "language", catalog.DescribeUnknown("python"))
            : Missing(faults, "language", $"is needed with code; one of: {catalog.Names}");
    }

    private static RuntimeDefinition? Missing(List<ValidationFault> faults, string field, string message)
    {
        faults.Add(new ValidationFault(field, message));
        return null;
    }
}
