using Executor.Tasks;

namespace Executor.Runners.Plans.Errors;

/// <summary>A Go program's panic, or a fatal error of its runtime (deadlock, stack overflow).</summary>
internal static class GoErrors
{
    private const string Panic = "panic: ";
    private const string Fatal = "fatal error: ";

    public static TaskError? Find(ProgramEnd end)
    {
        string[] lines = end.Lines;
        int at = Array.FindLastIndex(lines, line => line.StartsWith(Panic, StringComparison.Ordinal) || line.StartsWith(Fatal, StringComparison.Ordinal));
        if (end is not { Signal: null, ExitCode: 2 } || at < 0)
        {
            return null;
        }

        string kind = lines[at].StartsWith(Panic, StringComparison.Ordinal) ? Panic : Fatal;
        string first = lines[at][kind.Length..];
        if (kind == Fatal && first.Contains("out of memory", StringComparison.Ordinal))
        {
            return ProgramEnd.OutOfMemory(first);
        }

        int until = end.Text.FirstFrom(at + 1, line => line.Length == 0 || line.StartsWith("[signal ", StringComparison.Ordinal) || line.StartsWith("goroutine ", StringComparison.Ordinal));
        string message = end.Text.Message(first, at + 1, until).Replace(" [recovered]", "", StringComparison.Ordinal);
        return new TaskError { Type = kind[..^2], Message = message.Length == 0 ? kind[..^2] : message, Traceback = end.Text.Trace(at, lines.Length) };
    }
}
