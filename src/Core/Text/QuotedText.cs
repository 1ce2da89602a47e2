namespace Executor.Text;

/// <summary>Shows somebody's text in a message: in quotes, cut where it is long, without characters that move a terminal's cursor.</summary>
public static class QuotedText
{
    private const int ShownLength = 100;

    /// <summary>The text in quotes; at most a hundred characters of it.</summary>
    public static string Of(string text)
    {
        string shown = Cut(text);
        return shown.Any(char.IsControl)
            ? $"\"{string.Concat(shown.Select(c => char.IsControl(c) ? $"\\u{(int)c:x4}" : c.ToString()))}\""
            : $"\"{shown}\"";
    }

    /// <summary>The text, at most a hundred characters of it.</summary>
    public static string Cut(string text)
    {
        if (text.Length <= ShownLength)
        {
            return text;
        }

        // Not between the halves of a character.
        int length = char.IsHighSurrogate(text[ShownLength - 1]) ? ShownLength - 1 : ShownLength;
        return $"{text.AsSpan(0, length)}…";
    }
}
