using System.Text.RegularExpressions;
using Executor.Tasks;

namespace Executor.Runners.Plans.Errors;

/// <summary>PHP's fatal errors: uncaught exceptions among them, the last of a chain being the one that was thrown.</summary>
internal static partial class PhpErrors
{
    public static TaskError? Find(ProgramEnd end)
    {
        string[] lines = end.Lines;
        int at = Array.FindLastIndex(lines, line => Fatal().IsMatch(line));
        if (end is not { Signal: null, ExitCode: 255 } || at < 0)
        {
            return null;
        }

        string trace = end.Text.Trace(at, lines.Length);
        Match fatal = Fatal().Match(lines[at]);
        string said = fatal.Groups["message"].Value;
        if (said.StartsWith("Allowed memory size", StringComparison.Ordinal))
        {
            return ProgramEnd.OutOfMemory(said);
        }

        int next = Array.FindLastIndex(lines, line => line.StartsWith("Next ", StringComparison.Ordinal));
        int start = next > at ? next : at;
        Match uncaught = Thrown().Match(next > at ? lines[next]["Next ".Length..] : said.StartsWith("Uncaught ", StringComparison.Ordinal) ? said["Uncaught ".Length..] : "");
        if (uncaught.Success)
        {
            int until = end.Text.FirstFrom(start, line => Place().IsMatch(line)) + 1;
            string message = end.Text.Message(uncaught.Groups["message"].Value, start + 1, int.Min(until, lines.Length));
            message = Place().Replace(message, "").Trim();
            string type = uncaught.Groups["type"].Value;
            return new TaskError { Type = type, Message = message.Length == 0 ? type : message, Traceback = trace };
        }

        string kind = fatal.Groups["kind"].Value == "Parse" ? "ParseError" : "FatalError";
        return new TaskError { Type = kind, Message = end.Text.Message(said, at + 1, at + 1), Traceback = trace };
    }

    [GeneratedRegex(@"^(PHP )?(?<kind>Fatal|Parse|Recoverable fatal) error: +(?<message>.*)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Fatal();

    [GeneratedRegex(@"^(?<type>[\p{L}_\\][\w\\]{0,300})(: (?<message>.*)|( in .*:\d+))$", RegexOptions.ExplicitCapture)]
    private static partial Regex Thrown();

    [GeneratedRegex(@" in \S*:\d+$")]
    private static partial Regex Place();
}
