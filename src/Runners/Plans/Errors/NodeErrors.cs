using System.Text.RegularExpressions;
using Executor.Tasks;

namespace Executor.Runners.Plans.Errors;

/// <summary>The uncaught error that Node printed between the place in the source and its own version.</summary>
internal static partial class NodeErrors
{
    public static TaskError? Find(ProgramEnd end)
    {
        if (end.Aborted && Array.Find(end.Lines, line => line.Contains("JavaScript heap out of memory", StringComparison.Ordinal)) is string full)
        {
            return ProgramEnd.OutOfMemory(full.Trim());
        }

        // The version is printed by Node alone, after what it didn't catch; process.exit(1) doesn't.
        int last = Array.FindLastIndex(end.Lines, line => line.StartsWith("Node.js v", StringComparison.Ordinal));
        int start = last < 0 ? -1 : Start(end.Lines, last);
        return start < 0 ? null : Read(end, start, last);
    }

    /// <summary>The line that names the error: the first after the caret below the source, else the first that looks like one above the frames.</summary>
    private static int Start(string[] lines, int last)
    {
        for (int i = last - 1; i >= 2; i--)
        {
            if (Caret().IsMatch(lines[i]) && Place().IsMatch(lines[i - 2]))
            {
                int next = i + 1;
                while (next < last && lines[next].Length == 0)
                {
                    next++;
                }

                return next < last ? next : -1;
            }
        }

        int named = Array.FindIndex(lines, 0, last, line => Named().IsMatch(line));
        return named >= 0 ? named : Array.FindIndex(lines, 0, last, line => line.StartsWith("Uncaught ", StringComparison.Ordinal));
    }

    private static TaskError Read(ProgramEnd end, int start, int last)
    {
        string first = end.Lines[start];
        int frames = int.Min(last, end.Text.FirstFrom(start + 1, line => line.StartsWith("    at ", StringComparison.Ordinal)));
        Match name = Name().Match(first);
        if (name.Success && (frames < last || Named().IsMatch(first)))
        {
            string type = name.Groups["type"].Value;
            string message = end.Text.Message(name.Groups["message"].Value, start + 1, frames);
            return new TaskError { Type = type, Message = message.Length == 0 ? type : message, Traceback = end.Text.Trace(start, last) };
        }

        // Anything can be thrown: a number, a string, an object.
        int hint = int.Min(last, end.Text.FirstFrom(start, line => line.StartsWith("(Use `node --trace-uncaught", StringComparison.Ordinal)));
        string thrown = first.StartsWith("Uncaught ", StringComparison.Ordinal) ? first["Uncaught ".Length..] : first;
        return new TaskError { Type = "Uncaught", Message = end.Text.Message(thrown, start + 1, hint) };
    }

    [GeneratedRegex(@"^\s*\^+\s*$")]
    private static partial Regex Caret();

    [GeneratedRegex(@"^\S.*:\d+$")]
    private static partial Regex Place();

    [GeneratedRegex(@"^[\w$.]{0,300}(Error|Exception)( \[\w+\])?(:|$)")]
    private static partial Regex Named();

    [GeneratedRegex(@"^(?<type>[\p{L}_$][\w$.]{0,300})( \[\w+\])?(: (?<message>.*)|:?)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Name();
}
