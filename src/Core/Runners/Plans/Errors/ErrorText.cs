namespace Executor.Runners.Plans.Errors;

/// <summary>Standard error by lines, and pieces of it fit for a <see cref="Tasks.TaskError"/>.</summary>
internal sealed class ErrorText(string text)
{
    private const int LongestLine = 500;
    private const int LongestMessage = 4096;
    private const int LongestTrace = 65536;

    /// <summary>The lines, none so long that matching it takes its time; a line's end is kept, for it may tell the type.</summary>
    public string[] Lines { get; } = [.. text.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n').Select(Shorten)];

    /// <summary>The last line with something on it, cut to a line's length; null: nothing was said.</summary>
    public string? LastLine => LastNonblank(Lines.Length) is int index and >= 0 ? Cut(Lines[index].Trim(), LongestLine) : null;

    /// <summary>The last line before <paramref name="end"/> that has something on it; -1: none.</summary>
    public int LastNonblank(int end) => Array.FindLastIndex(Lines, end - 1, end, line => !string.IsNullOrWhiteSpace(line));

    /// <summary>The first line from <paramref name="start"/> on for which a condition holds; the end: none.</summary>
    public int FirstFrom(int start, Predicate<string> condition)
    {
        int index = start < Lines.Length ? Array.FindIndex(Lines, start, condition) : -1;
        return index < 0 ? Lines.Length : index;
    }

    /// <summary>Lines as one message.</summary>
    public string Message(string first, int start, int end) =>
        Cut(string.Join('\n', [first, .. Lines.AsSpan(start, int.Max(0, end - start))]).Trim(), LongestMessage);

    /// <summary>Lines as a traceback.</summary>
    public string Trace(int start, int end)
    {
        string trace = string.Join('\n', Lines, start, end - start).TrimEnd();
        return trace.Length <= LongestTrace ? trace : trace[..(LongestTrace / 2)] + "\n…\n" + trace[^(LongestTrace / 2)..];
    }

    /// <summary>The first line that speaks of an error, else the first line; null: nothing was said.</summary>
    public static string? FirstComplaint(string text)
    {
        // Go puts the package's name first, as a comment.
        string[] said = [.. text.Split('\n').Where(line => !string.IsNullOrWhiteSpace(line) && !line.StartsWith("# ", StringComparison.Ordinal))];
        string? line = Array.Find(said, line => line.Contains("error", StringComparison.OrdinalIgnoreCase)) ?? said.FirstOrDefault();
        return line is null ? null : Cut(line.Trim(), LongestLine);
    }

    private static string Shorten(string line) =>
        line.Length <= LongestMessage ? line : line[..(LongestMessage / 2)] + "…" + line[^(LongestMessage / 4)..];

    private static string Cut(string text, int longest) => text.Length <= longest ? text : text[..longest] + "…";
}
