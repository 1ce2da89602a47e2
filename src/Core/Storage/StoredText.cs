using System.Buffers;
using System.Globalization;
using System.Text;

namespace Executor.Storage;

/// <summary>
/// Any text as one that every database keeps unchanged. PostgreSQL has no U+0000, and UTF-8 has no half characters (lone
/// surrogates); both are written as U+FDD0, a character that no text is meant to hold, and four hexadecimal digits. U+FDD0
/// itself is written the same way, so nothing is lost.
/// </summary>
public static class StoredText
{
    private const char Escape = '\uFDD0';
    private const int EscapeLength = 5;

    // Everything else is kept as it is; a surrogate may turn out to be half of a whole pair.
    private static readonly SearchValues<char> Suspects = SearchValues.Create(
        [Escape, '\0', .. Enumerable.Range('\uD800', 0x800).Select(code => (char)code)]);

    /// <summary>The text as it is kept.</summary>
    public static string Encode(string text)
    {
        int first = NextEscaped(text, 0);
        if (first < 0)
        {
            return text;
        }

        StringBuilder kept = new(text.Length + (4 * EscapeLength));
        int start = 0;
        for (int at = first; at >= 0; at = NextEscaped(text, start))
        {
            kept.Append(text, start, at - start).Append(CultureInfo.InvariantCulture, $"{Escape}{(int)text[at]:X4}");
            start = at + 1;
        }

        return kept.Append(text, start, text.Length - start).ToString();
    }

    /// <summary>The text that <see cref="Encode"/> was given.</summary>
    public static string Decode(string kept)
    {
        int at = kept.IndexOf(Escape, StringComparison.Ordinal);
        if (at < 0)
        {
            return kept;
        }

        StringBuilder text = new(kept.Length);
        int start = 0;
        for (; at >= 0; at = kept.IndexOf(Escape, start))
        {
            text.Append(kept, start, at - start)
                .Append((char)ushort.Parse(kept.AsSpan(at + 1, EscapeLength - 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
            start = at + EscapeLength;
        }

        return text.Append(kept, start, kept.Length - start).ToString();
    }

    /// <summary>Where the next character is that can't be kept as it is; -1: there is none.</summary>
    private static int NextEscaped(string text, int from)
    {
        while (true)
        {
            int found = text.AsSpan(from).IndexOfAny(Suspects);
            if (found < 0)
            {
                return -1;
            }

            int at = from + found;
            if (!char.IsSurrogatePair(text, at))
            {
                return at;
            }

            from = at + 2;
        }
    }
}
