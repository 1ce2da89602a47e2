using System.Text.RegularExpressions;
using Executor.Tasks;

namespace Executor.Runners.Plans.Errors;

/// <summary>The uncaught exception that Ruby printed: <c>FILE:LINE:in 'WHERE': MESSAGE (TYPE)</c>, its frames, then its causes.</summary>
internal static partial class RubyErrors
{
    public static TaskError? Find(ProgramEnd end)
    {
        string[] lines = end.Lines;
        int at = Array.FindLastIndex(lines, IsHeader);
        if (end is not { Signal: null, ExitCode: 1 } || at < 0)
        {
            return null;
        }

        // Causes follow what they caused, each after the frames of the one before.
        while (at > 0 && lines[at - 1].StartsWith("\tfrom ", StringComparison.Ordinal) && Array.FindLastIndex(lines, at - 1, IsHeader) is int outer and >= 0)
        {
            at = outer;
        }

        Match match = Header().Match(lines[at]);
        int until = end.Text.FirstFrom(at + 1, line => line.Length == 0 || line.StartsWith("\tfrom ", StringComparison.Ordinal) || IsHeader(line));
        return match.Success
            ? new TaskError
            {
                Type = match.Groups["type"].Value,
                Message = end.Text.Message(match.Groups["message"].Value, at + 1, until),
                Traceback = end.Text.Trace(at, lines.Length),
            }
            : new TaskError
            {
                Type = lines[at].EndsWith("unhandled exception", StringComparison.Ordinal) ? "RuntimeError" : "SyntaxError",
                Message = end.Text.Message(lines[at], at + 1, until),
                Traceback = end.Text.Trace(at, lines.Length),
            };
    }

    private static bool IsHeader(string line) => Header().IsMatch(line) || Nameless().IsMatch(line);

    [GeneratedRegex(@"^[^\s:][^:]*:\d+:(in [`'][^']*': ?| )(?<message>.*) \((?<type>\p{Lu}\w*(::\p{Lu}\w*)*)\)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Header();

    [GeneratedRegex(@"^[^\s:][^:]*:\d+:(in [`'][^']*': unhandled exception| syntax error\b.*)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Nameless();
}
