using Executor.Tasks;

namespace Executor.Library;

/// <summary>Tells the exception of a function of this process as that of a C# program is told.</summary>
internal static class LocalErrors
{
    private static readonly string[] Callers =
    [
        $"   at {typeof(LocalMethod).FullName}.",
        $"   at {typeof(LocalRun).FullName}.",
        $"   at {typeof(LocalExecutor).FullName}.",
        $"   at {typeof(OwnThread).FullName}.",
        $"   at {typeof(ParallelHost).FullName}.",
        $"   at {typeof(ParallelTask).FullName}.",
        "   at System.Reflection.",
        "   at System.RuntimeMethodHandle.",
        "   at InvokeStub_",
        "   at System.Threading.",
        "--- End of stack trace from previous location ---",
    ];

    public static TaskError Of(Exception thrown)
    {
        string type = thrown.GetType().FullName ?? thrown.GetType().Name;
        return new TaskError
        {
            Type = type,
            Message = string.IsNullOrEmpty(thrown.Message) ? type : thrown.Message,
            Traceback = string.Join('\n', WithoutCallers(thrown.ToString().Split('\n'))),
        };
    }

    /// <summary>The trace ends with those who called the function: us, which is nothing that its author could mend.</summary>
    private static ReadOnlySpan<string> WithoutCallers(string[] lines)
    {
        int length = lines.Length;
        while (length > 1 && Array.Exists(Callers, caller => lines[length - 1].StartsWith(caller, StringComparison.Ordinal)))
        {
            length--;
        }

        return lines.AsSpan(0, length);
    }
}
