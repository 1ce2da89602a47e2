using System.Text;

namespace Executor.Runners.Plans.Sources;

/// <summary>Makes of a source as editors of any system leave it what its language can read, without moving a line.</summary>
internal static class SourceText
{
    /// <summary>Takes a byte order mark away, and UTF-16; gives a shell plain line ends; makes page breaks blanks where they are none.</summary>
    /// <param name="content">The file's bytes.</param>
    /// <param name="family">The runtime's family. Python reads all of this itself.</param>
    public static byte[] Readable(byte[] content, string family)
    {
        if (family == "python")
        {
            return content;
        }

        byte[] bytes = content switch
        {
            [0xEF, 0xBB, 0xBF, .. var rest] => rest,
            [0xFF, 0xFE, .. var rest] when rest.Length % 2 == 0 => Encoding.UTF8.GetBytes(Encoding.Unicode.GetString(rest)),
            [0xFE, 0xFF, .. var rest] when rest.Length % 2 == 0 => Encoding.UTF8.GetBytes(Encoding.BigEndianUnicode.GetString(rest)),
            _ => content,
        };
        if (family == "bash" && bytes.AsSpan().IndexOf("\r\n"u8) >= 0)
        {
            bytes = [.. bytes.Where((letter, i) => letter != '\r' || i + 1 == bytes.Length || bytes[i + 1] != '\n')];
        }

        else if (bytes.AsSpan().StartsWith("#!"u8) && Array.IndexOf(bytes, (byte)'\n') is int end and > 0 && bytes[end - 1] == '\r')
        {
            // Which the kernel, and Ruby, would take for a part of the interpreter's name.
            bytes = [.. bytes[..(end - 1)], .. bytes[end..]];
        }

        return family is "bash" or "go" or "php" && bytes.AsSpan().ContainsAny((byte)'\f', (byte)'\v') ? WithoutPageBreaks(bytes, family) : bytes;
    }

    /// <summary>Each byte that is one letter here stays in its place, whatever the file's encoding.</summary>
    private static byte[] WithoutPageBreaks(byte[] bytes, string family)
    {
        string text = Encoding.Latin1.GetString(bytes);
        string code = family switch
        {
            "go" => CodeText.Blank(text, family),
            "php" => PhpCode(text),
            _ => ShellCode(text),
        };
        byte[] result = [.. bytes];
        for (int i = 0; i < result.Length; i++)
        {
            if (code[i] is '\f' or '\v')
            {
                result[i] = (byte)' ';
            }
        }

        return result;
    }

    /// <summary>What is between PHP's tags, outside of literals.</summary>
    private static string PhpCode(string text)
    {
        char[] code = new string(' ', text.Length).ToCharArray();
        for (int open = text.IndexOf("<?", StringComparison.Ordinal); open >= 0;)
        {
            int close = text.IndexOf("?>", open, StringComparison.Ordinal);
            int end = close < 0 ? text.Length : close;
            string piece = text[open..end];
            // Where text spans lines, a page break may be part of it.
            (piece.Contains("<<<", StringComparison.Ordinal) ? ShellCode(piece) : CodeText.Blank(piece, "php")).CopyTo(0, code, open, piece.Length);
            open = close < 0 ? -1 : text.IndexOf("<?", close, StringComparison.Ordinal);
        }

        return new string(code);
    }

    /// <summary>What is outside of quotes, comments and here-documents.</summary>
    private static string ShellCode(string text)
    {
        char[] code = text.ToCharArray();
        Queue<string> documents = new();
        char quote = '\0';
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (quote != '\0')
            {
                code[i] = ' ';
                quote = c == quote ? '\0' : quote;
                i += c == '\\' && quote == '"' ? 1 : 0;
            }
            else if (c is '\'' or '"')
            {
                quote = c;
            }
            else if (c == '\\')
            {
                i++;
            }
            else if (c == '#' && (i == 0 || char.IsWhiteSpace(text[i - 1])))
            {
                i = int.Max(i, text.IndexOf('\n', i) - 1 is int end and >= 0 ? end : text.Length - 1);
            }
            else if (c == '<' && text.AsSpan(i).StartsWith("<<", StringComparison.Ordinal))
            {
                int name = i + 2;
                while (name < text.Length && text[name] is '<' or '-' or ' ' or '\'' or '"' or '\\')
                {
                    name++;
                }

                int after = name;
                while (after < text.Length && (char.IsLetterOrDigit(text[after]) || text[after] == '_'))
                {
                    after++;
                }

                if (after > name)
                {
                    documents.Enqueue(text[name..after]);
                }

                i = int.Max(i + 1, after - 1);
                i += i + 1 < text.Length && text[i + 1] is '\'' or '"' ? 1 : 0;
            }
            else if (c == '\n' && documents.Count > 0)
            {
                i = SkipDocument(text, code, i + 1, documents.Dequeue()) - 1;
            }
        }

        return new string(code);
    }

    private static int SkipDocument(string text, char[] code, int from, string name)
    {
        for (int at = from; at < text.Length;)
        {
            int end = text.IndexOf('\n', at);
            end = end < 0 ? text.Length : end;
            if (text[at..end].Trim().TrimEnd(';') == name)
            {
                return end;
            }

            code.AsSpan(at, end - at).Fill(' ');
            at = end + 1;
        }

        return text.Length;
    }
}
