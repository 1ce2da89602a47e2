using System.Text.RegularExpressions;
using Executor.Tasks;

namespace Executor.Runners.Plans.Errors;

/// <summary>The unhandled exception that .NET printed before it aborted.</summary>
internal static partial class CSharpErrors
{
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
                    : null;
        }

        Match match = Header().Match(lines[at]);
        int until = end.Text.FirstFrom(at + 1, line => line.StartsWith("   at ", StringComparison.Ordinal) || line.StartsWith(" ---> ", StringComparison.Ordinal));
        string message = end.Text.Message(match.Groups["message"].Value, at + 1, until);
        string type = match.Groups["type"].Value;
        return new TaskError { Type = type, Message = message.Length == 0 ? type : message, Traceback = end.Text.Trace(at, lines.Length) };
    }

    [GeneratedRegex(@"^Unhandled exception\. (?<type>[\p{L}_][\w.+`\[\],]{0,300})(: (?<message>.*)|:?)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Header();
}
