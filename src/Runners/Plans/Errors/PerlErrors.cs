using System.Text.RegularExpressions;
using Executor.Tasks;

namespace Executor.Runners.Plans.Errors;

/// <summary>What Perl died of: <c>MESSAGE at FILE line N.</c> Perl prints no types, so the type is <c>die</c>.</summary>
internal static partial class PerlErrors
{
    /// <summary>die's own code, and the error numbers (not found, not permitted) that <c>open … or die</c> ends with.</summary>
    private static readonly int[] Codes = [255, 2, 13];

    public static TaskError? Find(ProgramEnd end)
    {
        string[] lines = end.Lines;
        int last = end.Text.LastNonblank(lines.Length);
        if (end.Signal is not null || !Codes.Contains(end.ExitCode) || last < 0)
        {
            return null;
        }

        int at = last;
        while (at > 0 && (lines[at].StartsWith('\t') || lines[at].Contains("aborted due to compilation errors", StringComparison.Ordinal) || lines[at].StartsWith("BEGIN failed--", StringComparison.Ordinal)))
        {
            at--;
        }

        Match match = Place().Match(lines[at]);
        bool died = match.Success || end.ExitCode == Codes[0];
        return died
            ? new TaskError
            {
                Type = "die",
                Message = end.Text.Message(match.Success ? match.Groups["message"].Value : lines[at], 0, 0),
                Traceback = end.Text.Trace(at, last + 1),
            }
            : null;
    }

    [GeneratedRegex(@"^(?<message>.*) at \S+ line \d+(, <\w+> (line|chunk) \d+)?(\.|, near .*|, at .*)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Place();
}
