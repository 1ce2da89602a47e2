using Executor.Execution;
using Executor.Tasks;

namespace Executor.Engine;

/// <summary>Cuts output at positions, live or out of a result alike.</summary>
internal static class OutputText
{
    /// <summary>What of a piece lies after a position of the same attempt; null: nothing.</summary>
    public static TaskOutput? Rest(TaskOutput piece, OutputPosition after)
    {
        bool isStdout = piece.Stream == OutputStream.Stdout;
        int end = isStdout ? piece.Position.Stdout : piece.Position.Stderr;
        int seen = int.Max(0, (isStdout ? after.Stdout : after.Stderr) - (end - piece.Text.Length));
        return seen == 0 ? piece : seen < piece.Text.Length ? piece with { Text = piece.Text[seen..] } : null;
    }

    /// <summary>An ended task's output after a position, first standard output, then standard error; then its end.</summary>
    public static IEnumerable<TaskEvent> Of(TaskResult result, OutputPosition after)
    {
        OutputPosition seen = after.Attempt == result.Attempt ? after : new OutputPosition(result.Attempt, 0, 0);
        if (seen.Stdout < result.Stdout.Length)
        {
            string text = result.Stdout[seen.Stdout..];
            seen = seen with { Stdout = result.Stdout.Length };
            yield return new TaskOutput(seen, OutputStream.Stdout, text);
        }

        if (seen.Stderr < result.Stderr.Length)
        {
            string text = result.Stderr[seen.Stderr..];
            seen = seen with { Stderr = result.Stderr.Length };
            yield return new TaskOutput(seen, OutputStream.Stderr, text);
        }

        yield return new OutputEnded(result);
    }
}
