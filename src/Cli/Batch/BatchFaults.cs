using System.Globalization;
using Executor.Tasks;

namespace Executor.Cli.Batch;

/// <summary>Tells which of several submitted tasks faults are about, by fields such as <c>tasks[3].timeout</c>.</summary>
internal static class BatchFaults
{
    private const string Prefix = "tasks[";

    /// <summary>The faults of each task that has any, by its place from 0; empty: they are not about single tasks.</summary>
    /// <param name="all">The faults of all.</param>
    /// <param name="count">How many tasks there were. With one, its fields are named as they are.</param>
    public static Dictionary<int, List<ValidationFault>> ByTask(IReadOnlyList<ValidationFault> all, int count)
    {
        Dictionary<int, List<ValidationFault>> faults = [];
        foreach (ValidationFault fault in all)
        {
            int end = fault.Field.IndexOf(']', StringComparison.Ordinal);
            if (fault.Field.StartsWith(Prefix, StringComparison.Ordinal)
                && end > 0
                && int.TryParse(fault.Field.AsSpan(Prefix.Length, end - Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int index)
                && index < count)
            {
                Add(index, fault with { Field = fault.Field[(end + 1)..].TrimStart('.') });
            }
            else if (count == 1)
            {
                Add(0, fault);
            }
        }

        return faults;

        void Add(int index, ValidationFault fault) => (faults.TryGetValue(index, out List<ValidationFault>? known) ? known : faults[index] = []).Add(fault);
    }
}
