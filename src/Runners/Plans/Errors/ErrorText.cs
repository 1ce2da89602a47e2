using System.Text.RegularExpressions;

namespace Executor.Runners.Plans.Errors;

/// <summary>Standard error by lines, and pieces of it fit for a <see cref="Tasks.TaskError"/>.</summary>
internal sealed partial class ErrorText(string text)
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

    /// <summary>The compiler's first error, else the linker's, else the first line that speaks of one, else the first line; null: nothing was said.</summary>
    public static string? FirstComplaint(string text)
    {
        // Go puts the package's name first, as a comment.
        string[] said = [.. text.Split('\n').Where(line => !string.IsNullOrWhiteSpace(line) && !line.StartsWith("# ", StringComparison.Ordinal))];
        string? line = Array.Find(said, line => Complaint().IsMatch(line) && !Useless().IsMatch(line))
            ?? Array.Find(said, line => Linker().IsMatch(line))
            ?? Array.Find(said, line => line.Contains("error", StringComparison.OrdinalIgnoreCase) && !Useless().IsMatch(line))
            ?? Array.Find(said, line => !Useless().IsMatch(line))
            ?? said.FirstOrDefault();
        return line is null ? null : Cut(WithThing(said, line), LongestLine);
    }

    /// <summary>The complaint with what it is about, where compilers say that on a line of its own or behind an address.</summary>
    private static string WithThing(string[] said, string line)
    {
        string[] rest = said[(Array.IndexOf(said, line) + 1)..];
        string[] own = [.. rest.TakeWhile(next => !Complaint().IsMatch(next))];
        if (line.EndsWith("error: cannot find symbol", StringComparison.Ordinal)
            && Array.Find(own, next => next.TrimStart().StartsWith("symbol:", StringComparison.Ordinal)) is string symbol)
        {
            return $"{line.Trim()}: {Spaces().Replace(symbol.Trim()["symbol:".Length..].Trim(), " ")}";
        }

        if (RustError().IsMatch(line) && own.FirstOrDefault()?.Trim() is ['-', '-', '>', ' ', .. var place])
        {
            return $"{place}: {line.Trim()}";
        }

        return Linker().IsMatch(line) ? Address().Replace(line.Trim(), "") : line.Trim();
    }

    [GeneratedRegex(@" {2,}")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"^error(\[\w+\])?: ")]
    private static partial Regex RustError();

    /// <summary><c>/usr/bin/ld: /tmp/cc1.o: in function `f': a.c:(.text+0x6): </c>, <c>= note: rust-lld: error: </c>.</summary>
    [GeneratedRegex(@"^(= note: |\S*ld(\.\w+)?: |\S*rust-lld: |error: |/tmp/\S+\.o: |(\S*:)?\(\.[^)]*\): )+")]
    private static partial Regex Address();

    /// <summary>A compiler's error: <c>main.c:1:5: error: …</c>, <c>error[E0425]: …</c>, <c>main.cs(1,1): error CS0103: …</c>.</summary>
    [GeneratedRegex(@"(^|:|\) ?:?) ?(fatal )?error( \w+|\[\w+\])?: ")]
    private static partial Regex Complaint();

    /// <summary>What linkers say of what is missing, or there twice.</summary>
    [GeneratedRegex(@"undefined (reference|symbol)|multiple definition|duplicate symbol|cannot find -l|unable to find library|relocation truncated")]
    private static partial Regex Linker();

    /// <summary>That something failed, of which another line says what.</summary>
    [GeneratedRegex(@"collect2: error|ld returned \d+ exit status|linker command failed|linking with `[^`]*` failed|aborting due to|could not compile|Build FAILED|in function `|^\s*\^|^\d+ errors?$")]
    private static partial Regex Useless();

    private static string Shorten(string line) =>
        line.Length <= LongestMessage ? line : line[..(LongestMessage / 2)] + "…" + line[^(LongestMessage / 4)..];

    private static string Cut(string text, int longest) => text.Length <= longest ? text : text[..longest] + "…";
}
