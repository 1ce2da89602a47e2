namespace Executor.Runners.Probing;

/// <summary>Finds the version in what a tool says about itself.</summary>
internal static class VersionText
{
    /// <summary>The first dotted number of the text (<c>3.11.7</c>), else its first line, else null.</summary>
    public static string? Find(string text)
    {
        for (int start = 0; start < text.Length; start++)
        {
            if (!char.IsAsciiDigit(text[start]))
            {
                continue;
            }

            int end = start;
            while (end < text.Length && (char.IsAsciiDigit(text[end]) || (text[end] == '.' && end + 1 < text.Length && char.IsAsciiDigit(text[end + 1]))))
            {
                end++;
            }

            if (text.AsSpan(start, end - start).Contains('.'))
            {
                return text[start..end];
            }

            start = end;
        }

        string line = text.AsSpan().Trim().ToString().Split('\n')[0].Trim();
        return line.Length == 0 ? null : line;
    }
}
