using System.Globalization;
using Executor.Http.Wire;
using Executor.Tasks;

namespace Executor.Cli.Remote;

/// <summary>Tells which of several tasks a problem is about, by fields such as <c>tasks[3].timeout</c>.</summary>
internal static class TaskFaults
{
    private const string Prefix = "tasks[";

    /// <summary>The faults of each task that has any, by its place from 0; empty: the problem is not about single tasks.</summary>
    public static Dictionary<int, List<ValidationFault>> Of(Problem problem, int count)
    {
        Dictionary<int, List<ValidationFault>> faults = [];
        foreach (FieldProblem error in problem.Errors ?? [])
        {
            int end = error.Field.IndexOf(']', StringComparison.Ordinal);
            if (error.Field.StartsWith(Prefix, StringComparison.Ordinal)
                && end > 0
                && int.TryParse(error.Field.AsSpan(Prefix.Length, end - Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int index)
                && index < count)
            {
                (faults.TryGetValue(index, out List<ValidationFault>? known) ? known : faults[index] = [])
                    .Add(new ValidationFault(error.Field[(end + 1)..].TrimStart('.'), error.Message));
            }
        }

        return faults;
    }
}
