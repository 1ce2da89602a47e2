using Executor.Execution;
using Executor.Tasks;

namespace Executor.Engine;

/// <summary>Cuts output at positions, live or out of a result alike.</summary>
internal static class OutputText
{
    /// <summary>Characters of a piece of an ended task's output: what is handed on at once is in memory once more.</summary>
    private const int MaxPiece = 64 << 10;

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
        while (seen.Stdout < result.Stdout.Length)
        {
            string text = Piece(result.Stdout, seen.Stdout);
            seen = seen with { Stdout = seen.Stdout + text.Length };
            yield return new TaskOutput(seen, OutputStream.Stdout, text);
        }

        while (seen.Stderr < result.Stderr.Length)
        {
            string text = Piece(result.Stderr, seen.Stderr);
            seen = seen with { Stderr = seen.Stderr + text.Length };
            yield return new TaskOutput(seen, OutputStream.Stderr, text);
        }

        yield return new OutputEnded(result);
    }

    /// <summary>What follows a place, up to a size, and not half a character.</summary>
    private static string Piece(string text, int start)
    {
        int end = int.Min(start + MaxPiece, text.Length);
        return text[start..(end < text.Length && char.IsSurrogatePair(text, end - 1) ? end + 1 : end)];
    }
}
