namespace Executor.Runners.Plans.Sources;

/// <summary>A source with everything blanked that isn't code, so that what is looked for in it is really there. Every line and column stays.</summary>
internal static class CodeText
{
    /// <summary>The text with comments and the content of literals replaced by spaces; line breaks are kept.</summary>
    /// <param name="text">A source in a language with C's comments.</param>
    /// <param name="family">The runtime's family, for its literals.</param>
    public static string Blank(string text, string family)
    {
        char[] code = text.ToCharArray();
        for (int at = 0; at < text.Length;)
        {
            int end = EndOfLiteral(text, at, family);
            for (int i = at; i < end; i++)
            {
                code[i] = text[i] is '\n' or '\r' ? text[i] : ' ';
            }

            at = int.Max(end, at + 1);
        }

        return new string(code);
    }

    /// <summary>Where the comment or literal ends that begins here; the same place when none does.</summary>
    private static int EndOfLiteral(string text, int at, string family)
    {
        ReadOnlySpan<char> rest = text.AsSpan(at);
        return rest switch
        {
            ['/', '/', ..] => After(text, "\n", at + 2, keep: true),
            ['/', '*', ..] => After(text, "*/", at + 2),
            ['"', '"', '"', ..] when family is "java" => AfterEscaped(text, "\"\"\"", at + 3),
            ['"', '"', '"', ..] when family is "csharp" => AfterQuotes(text, at),
            ['R', '"', ..] when family is "cpp" && !IsWord(text, at - 1) => AfterRaw(text, at + 2),
            ['@', '"', ..] when family is "csharp" => AfterVerbatim(text, at + 2),
            ['$', '@', '"', ..] or ['@', '$', '"', ..] when family is "csharp" => AfterVerbatim(text, at + 3),
            ['`', ..] when family is "go" => After(text, "`", at + 1),
            // In C++ a digit separator, in Rust a lifetime, is no character.
            ['\'', ..] when family is "cpp" && at > 0 && char.IsAsciiHexDigit(text[at - 1]) && at + 1 < text.Length && char.IsAsciiHexDigit(text[at + 1]) => at,
            ['"', ..] => AfterEscaped(text, "\"", at + 1),
            ['\'', ..] => AfterEscaped(text, "'", at + 1),
            _ => at,
        };
    }

    private static int After(string text, string end, int from, bool keep = false)
    {
        int found = text.IndexOf(end, from, StringComparison.Ordinal);
        return found < 0 ? text.Length : keep ? found : found + end.Length;
    }

    /// <summary>A literal on one line ends with it at the latest, so that a mistake doesn't swallow the rest.</summary>
    private static int AfterEscaped(string text, string end, int from)
    {
        for (int i = from; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                i++;
            }
            else if (end.Length == 1 && text[i] == '\n')
            {
                return i;
            }
            else if (text.AsSpan(i).StartsWith(end, StringComparison.Ordinal))
            {
                return i + end.Length;
            }
        }

        return text.Length;
    }

    private static int AfterVerbatim(string text, int from)
    {
        for (int i = from; i < text.Length; i++)
        {
            if (text[i] == '"' && i + 1 < text.Length && text[i + 1] == '"')
            {
                i++;
            }
            else if (text[i] == '"')
            {
                return i + 1;
            }
        }

        return text.Length;
    }

    /// <summary>C#'s raw strings end with as many quotes as they begin with.</summary>
    private static int AfterQuotes(string text, int at)
    {
        int count = 0;
        while (at + count < text.Length && text[at + count] == '"')
        {
            count++;
        }

        return After(text, new string('"', count), at + count);
    }

    /// <summary>C++'s raw strings name their own end.</summary>
    private static int AfterRaw(string text, int from)
    {
        int open = text.IndexOf('(', from);
        return open < 0 ? text.Length : After(text, $"){text[from..open]}\"", open);
    }

    private static bool IsWord(string text, int at) => at >= 0 && (char.IsLetterOrDigit(text[at]) || text[at] == '_') && text[at] is not ('u' or 'U' or 'L' or '8');
}
