using System.Text.RegularExpressions;
using Executor.Tasks;

namespace Executor.Runners.Plans.Errors;

/// <summary>What .NET printed before it aborted: an unhandled exception, an assertion that failed, or what <c>Environment.FailFast</c> was given.</summary>
internal static partial class CSharpErrors
{
    private const string Gone = "Process terminated.";

    public static TaskError? Find(ProgramEnd end)
    {
        string[] lines = end.Lines;
        if (!end.Aborted)
        {
            return null;
        }

        int at = Array.FindLastIndex(lines, line => Header().IsMatch(line));
        if (at < 0)
        {
            return Array.Exists(lines, line => line == "Out of memory.") ? ProgramEnd.OutOfMemory("the program needed more memory than its limit")
                : Array.IndexOf(lines, "Stack overflow.") is int overflow and >= 0
                    ? new TaskError { Type = "System.StackOverflowException", Message = "Stack overflow.", Traceback = end.Text.Trace(overflow, lines.Length) }
                    : Terminated(end);
        }

        Match match = Header().Match(lines[at]);
        int until = end.Text.FirstFrom(at + 1, line => line.StartsWith("   at ", StringComparison.Ordinal) || line.StartsWith(" ---> ", StringComparison.Ordinal));
        string message = end.Text.Message(match.Groups["message"].Value, at + 1, until);
        string type = match.Groups["type"].Value;
        return new TaskError { Type = type, Message = message.Length == 0 ? type : message, Traceback = end.Text.Trace(at, lines.Length) };
    }

    /// <summary>.NET 10 puts the reason on the next line, its forerunners on the same one.</summary>
    private static TaskError? Terminated(ProgramEnd end)
    {
        string[] lines = end.Lines;
        int at = Array.FindLastIndex(lines, line => line == Gone || line.StartsWith(Gone + " ", StringComparison.Ordinal));
        if (at < 0)
        {
            return null;
        }

        int until = end.Text.FirstFrom(at + 1, line => line.StartsWith("   at ", StringComparison.Ordinal));
        string[] said = [.. lines[at..until].Select((line, i) => i == 0 ? line[Gone.Length..] : line).Where(line => !string.IsNullOrWhiteSpace(line)).Select(line => line.Trim())];
        bool asserted = said is [var first, ..] && first.TrimEnd('.').Equals("Assertion failed", StringComparison.OrdinalIgnoreCase);
        string[] message = asserted && said.Length > 1 ? said[1..] : said;
        return new TaskError
        {
            Type = asserted ? "assertion" : "FailFast",
            Message = message.Length == 0 ? Gone : end.Text.Message(string.Join('\n', message), 0, 0),
            Traceback = end.Text.Trace(at, lines.Length),
        };
    }

    [GeneratedRegex(@"^Unhandled exception\. (?<type>[\p{L}_][\w.+`\[\],]{0,300})(: (?<message>.*)|:?)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Header();
}
