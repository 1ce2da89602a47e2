using System.Text.RegularExpressions;
using Executor.Tasks;

namespace Executor.Runners.Plans.Errors;

/// <summary>What C and C++ programs say before they abort: an uncaught exception, or an assertion that failed.</summary>
internal static partial class CErrors
{
    private const string What = "  what():  ";

    public static TaskError? Find(ProgramEnd end)
    {
        string[] lines = end.Lines;
        if (!end.Aborted)
        {
            return null;
        }

        int at = Array.FindLastIndex(lines, line => Thrown().IsMatch(line));
        if (at >= 0)
        {
            string type = Thrown().Match(lines[at]).Groups["type"].Value;
            bool told = at + 1 < lines.Length && lines[at + 1].StartsWith(What, StringComparison.Ordinal);
            return new TaskError { Type = type, Message = told ? end.Text.Message(lines[at + 1][What.Length..], at + 2, lines.Length) : lines[at] };
        }

        return Array.FindLast(lines, line => Assertion().IsMatch(line)) is string failed
            ? new TaskError { Type = "assertion", Message = end.Text.Message(failed, 0, 0) }
            : null;
    }

    [GeneratedRegex(@"^(terminate called after throwing an instance of|libc\+\+abi: terminating.* uncaught exception of type) '?(?<type>[^':]+(::[^':]+)*)", RegexOptions.ExplicitCapture)]
    private static partial Regex Thrown();

    [GeneratedRegex(@": Assertion [`'].*' failed\.$")]
    private static partial Regex Assertion();
}
