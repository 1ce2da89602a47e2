using System.Text.RegularExpressions;
using Executor.Tasks;

namespace Executor.Runners.Plans.Errors;

/// <summary>The uncaught exception that the JVM printed for a thread, the main one's before any other's.</summary>
internal static partial class JavaErrors
{
    /// <summary>How the launcher begins when there is nothing to start.</summary>
    private const string Launcher = "Error: ";

    public static TaskError? Find(ProgramEnd end)
    {
        string[] lines = end.Lines;
        int at = Array.FindLastIndex(lines, line => line.StartsWith("Exception in thread \"main\" ", StringComparison.Ordinal));
        at = at >= 0 ? at : Array.FindLastIndex(lines, line => Header().IsMatch(line));
        if (at < 0 && end is { Signal: null, ExitCode: 1 } && Array.Find(lines, line => line.StartsWith(Launcher, StringComparison.Ordinal)) is string refused)
        {
            return new TaskError { Type = TaskErrorTypes.ExitCode, Message = end.Text.Message($"the program ended with exit code 1: {refused[Launcher.Length..]}", 0, 0) };
        }

        if (end is not { Signal: null, ExitCode: 1 } || at < 0 || Header().Match(lines[at]) is not { Success: true } match)
        {
            return null;
        }

        int until = end.Text.FirstFrom(at + 1, line => line.StartsWith('\t') || line.StartsWith("Caused by: ", StringComparison.Ordinal));
        string message = end.Text.Message(match.Groups["message"].Value, at + 1, until);
        string type = match.Groups["type"].Value;
        return new TaskError { Type = type, Message = message.Length == 0 ? type : message, Traceback = end.Text.Trace(at, lines.Length) };
    }

    [GeneratedRegex(@"^Exception in thread "".*?"" (?<type>[\p{L}_$][\w$.]{0,300})(: (?<message>.*)|:?)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Header();
}
