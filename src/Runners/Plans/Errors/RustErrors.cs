using System.Text.RegularExpressions;
using Executor.Tasks;

namespace Executor.Runners.Plans.Errors;

/// <summary>A Rust program's last panic, or the error that its main function returned.</summary>
internal static partial class RustErrors
{
    private const string Returned = "Error: ";

    public static TaskError? Find(ProgramEnd end)
    {
        string[] lines = end.Lines;
        if (end.Aborted && Array.FindLast(lines, line => line.StartsWith("memory allocation of ", StringComparison.Ordinal)) is string full)
        {
            return ProgramEnd.OutOfMemory(full.Trim());
        }

        if (end.Aborted && Array.FindLast(lines, line => Overflown().IsMatch(line)) is string overflown)
        {
            return new TaskError { Type = "stack_overflow", Message = overflown.Trim() };
        }

        return end switch
        {
            { Signal: null, ExitCode: 101 } => Panic(end, Array.FindLastIndex(lines, line => Panicked().IsMatch(line))),
            { Signal: null, ExitCode: 1 } => Main(end, Array.FindLastIndex(lines, line => line.StartsWith(Returned, StringComparison.Ordinal))),
            _ => null,
        };
    }

    private static TaskError? Panic(ProgramEnd end, int at)
    {
        if (at < 0)
        {
            return null;
        }

        // Before Rust 1.73 the message stood on the same line, in quotes.
        Match match = Panicked().Match(end.Lines[at]);
        string inline = match.Groups["message"].Value;
        int until = end.Text.FirstFrom(at + 1, line => line.StartsWith("note: ", StringComparison.Ordinal) || line.StartsWith("stack backtrace:", StringComparison.Ordinal));
        string message = inline.Length > 0 ? end.Text.Message(inline, 0, 0) : end.Text.Message("", at + 1, until);
        return new TaskError { Type = "panic", Message = message.Length == 0 ? "panic" : message, Traceback = end.Text.Trace(at, end.Lines.Length) };
    }

    private static TaskError? Main(ProgramEnd end, int at) => at < 0
        ? null
        : new TaskError { Type = "Error", Message = end.Text.Message(end.Lines[at][Returned.Length..], at + 1, end.Lines.Length) };

    [GeneratedRegex(@"^thread '[^']*'( \(\d+\))? has overflowed its stack$")]
    private static partial Regex Overflown();

    [GeneratedRegex(@"^thread '[^']*'( \(\d+\))? panicked at ('(?<message>.*)', .*|.*:)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Panicked();
}
