using System.Text.RegularExpressions;
using Executor.Tasks;

namespace Executor.Runners.Plans.Errors;

/// <summary>The last traceback that Python printed, with the ones that led to it.</summary>
internal static partial class PythonErrors
{
    private const string Header = "Traceback (most recent call last):";
    private const string GroupHeader = "  + Exception Group Traceback (most recent call last):";

    public static TaskError? Find(ProgramEnd end)
    {
        // An uncaught exception always ends with 1, or by SIGINT after a KeyboardInterrupt; with any other code a traceback was only logged.
        bool interrupted = end.Signal == 2 || end is { Signal: null, ExitCode: 130 };
        if (!interrupted && (end.Signal is not null || end.ExitCode != 1))
        {
            return null;
        }

        int limit = end.Lines.Length;
        int header = LastHeader(end.Lines, ref limit);
        TaskError? error = Syntax(end, header) ?? (header < 0 ? null : Traceback(end, header, limit));
        return interrupted && error?.Type != "KeyboardInterrupt" ? null : error;
    }

    /// <summary>The last header of the main thread's own; what a dying thread or finalizer printed after it is no part of it.</summary>
    private static int LastHeader(string[] lines, ref int limit)
    {
        for (int i = limit - 1; i >= 0; i--)
        {
            if (lines[i] is not (Header or GroupHeader))
            {
                continue;
            }

            if (i > 0 && (lines[i - 1].StartsWith("Exception ignored in", StringComparison.Ordinal) || lines[i - 1].StartsWith("Exception in thread", StringComparison.Ordinal)))
            {
                limit = i - 1;
                continue;
            }

            return i;
        }

        return -1;
    }

    private static TaskError? Traceback(ProgramEnd end, int header, int limit)
    {
        string[] lines = end.Lines;
        string margin = lines[header] == GroupHeader ? "  | " : "";
        int at = header + 1;
        while (at < limit && (lines[at].StartsWith(margin + " ", StringComparison.Ordinal) || lines[at].Length <= margin.Length))
        {
            at++;
        }

        if (at >= limit || Exception().Match(lines[at][int.Min(margin.Length, lines[at].Length)..]) is not { Success: true } match)
        {
            return null;
        }

        int until = limit;
        if (margin.Length > 0)
        {
            until = int.Min(limit, end.Text.FirstFrom(at + 1, line => line.StartsWith("  +-", StringComparison.Ordinal)));
        }

        string message = end.Text.Message(match.Groups["message"].Value, at + 1, until).Replace("\n" + margin, "\n", StringComparison.Ordinal);
        return Error(match, message, end.Text.Trace(ChainStart(lines, header), limit));
    }

    /// <summary>A script that doesn't compile has no traceback, only its place.</summary>
    private static TaskError? Syntax(ProgramEnd end, int header)
    {
        string[] lines = end.Lines;
        int at = Array.FindLastIndex(lines, line => SyntaxProblem().IsMatch(line));
        int start = at;
        while (start > 0 && lines[start - 1].StartsWith(' '))
        {
            start--;
        }

        if (at < header || start == at || !lines[start].StartsWith("  File \"", StringComparison.Ordinal) || (start > 0 && lines[start - 1] == Header))
        {
            return null;
        }

        Match match = Exception().Match(lines[at]);
        return Error(match, end.Text.Message(match.Groups["message"].Value, at + 1, lines.Length), end.Text.Trace(start, lines.Length));
    }

    /// <summary>Where the first of the exceptions starts that led to the last.</summary>
    private static int ChainStart(string[] lines, int header)
    {
        while (header >= 4 && lines[header - 2].Trim(' ', '|') is
            "During handling of the above exception, another exception occurred:" or
            "The above exception was the direct cause of the following exception:")
        {
            int earlier = Array.FindLastIndex(lines, header - 3, line => line is Header or GroupHeader);
            if (earlier < 0)
            {
                break;
            }

            header = earlier;
        }

        return header;
    }

    private static TaskError Error(Match match, string message, string trace) => new()
    {
        Type = match.Groups["type"].Value,
        Message = message.Length == 0 ? match.Groups["type"].Value : message,
        Traceback = trace,
    };

    [GeneratedRegex(@"^(?<type>[\p{L}_][\w.<>]{0,300})(?:: (?<message>.*)|:?)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Exception();

    [GeneratedRegex("^(SyntaxError|IndentationError|TabError)(:|$)")]
    private static partial Regex SyntaxProblem();
}
