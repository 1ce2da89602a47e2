using System.Text;

namespace Executor.Testing;

/// <summary>Damages text at random, mostly with what means something in YAML and JSON.</summary>
public static class Mutation
{
    private static readonly string[] Pieces =
    [
        "\n", "\n  ", " ", "\t", "- ", ": ", "? ", "# ", "---\n", "...\n", "&a ", "*a", "!!str ", "!x ", "<<: ", "{", "}", "[", "]", ",", "\"", "'", "|\n", ">-\n",
        "%YAML 1.2\n", "@", "`", "~", "null", "\\ud800", "\\udc00\\u0041", "\\x", "\0", "\u0085", "\uFEFF", "\u2028", "é", "😀", "${", "${X}", "1e999", "-0", ".inf",
        "true", "99999999999999999999", "{\"", "\":", "[[[[[[[[", "]]]]", "code", "server",
    ];

    public static string Of(string text, Random random)
    {
        StringBuilder damaged = new(text);
        for (int i = random.Next(1, 8); i > 0; i--)
        {
            int at = random.Next(damaged.Length + 1);
            int length = random.Next(int.Min(12, damaged.Length - at) + 1);
            switch (random.Next(4))
            {
                case 0:
                    damaged.Remove(at, length);
                    break;
                case 1:
                    damaged.Insert(at, damaged.ToString(at, length));
                    break;
                default:
                    damaged.Insert(at, Pieces[random.Next(Pieces.Length)]);
                    break;
            }
        }

        return damaged.ToString();
    }

    /// <summary>Nothing but pieces.</summary>
    public static string Soup(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => Pieces[random.Next(Pieces.Length)]));
}
