using System.Text.RegularExpressions;

namespace Executor.Runners.Plans.Sources;

/// <summary>What of a Java source decides over its file's name and over what is started.</summary>
internal sealed partial class JavaSource
{
    private readonly List<string> _types = [];
    private readonly List<(string Class, string TopType, int Rank)> _mains = [];

    public JavaSource(string text)
    {
        Read(Tokens().Matches(CodeText.Blank(text, "java")));
        (string Class, string TopType, int Rank)[] best = [.. _mains.OrderBy(main => main.Rank).ThenBy(main => main.TopType != PublicType)];
        string? main = best.Length > 0 ? best[0].Class : null;
        FileType = PublicType ?? (best.Length > 0 ? best[0].TopType : null);
        MainClass = main is null ? null : Qualified(main);
    }

    /// <summary>The package; empty: none.</summary>
    public string Package { get; private set; } = "";

    /// <summary>The type that names the file: the public one, else the one that has <c>main</c>; null: neither is there.</summary>
    public string? FileType { get; }

    /// <summary>The full name of the class that has <c>main</c>; null: none has.</summary>
    public string? MainClass { get; }

    /// <summary>The types that aren't in another, by name without package.</summary>
    public IReadOnlyList<string> TopTypes => _types;

    private string? PublicType { get; set; }

    /// <summary>A type's name with its package.</summary>
    public string Qualified(string type) => Package.Length == 0 ? type : $"{Package}.{type}";

    private void Read(MatchCollection tokens)
    {
        // The types we are in; an empty name is any other block, which no main can be in.
        List<string> open = [];
        List<string> words = [];
        string? declared = null;
        int parentheses = 0;
        for (int i = 0; i < tokens.Count; i++)
        {
            string token = tokens[i].Value;
            string next = i + 1 < tokens.Count ? tokens[i + 1].Value : "";
            switch (token)
            {
                case "(":
                    parentheses++;
                    break;
                case ")":
                    parentheses--;
                    break;
                case "{":
                    open.Add(declared ?? "");
                    declared = null;
                    break;
                case "}" when open.Count > 0:
                    open.RemoveAt(open.Count - 1);
                    break;
                case "package" when open.Count == 0 && words.All(word => word == "@"):
                    (Package, i) = Name(tokens, i + 1);
                    break;
                case "class" or "interface" or "enum" or "record" when declared is null && parentheses == 0 && IsDeclaration(tokens, i):
                    declared = next;
                    if (open.Count == 0)
                    {
                        _types.Add(declared);
                        PublicType ??= words.Contains("public") ? declared : null;
                    }

                    break;
                case "main" when next == "(" && parentheses == 0 && words.Contains("void") && open.Count > 0 && !open.Contains(""):
                    // Since Java 25 it need be neither static nor have a parameter.
                    bool classic = i + 2 < tokens.Count && tokens[i + 2].Value != ")" && (words.Contains("static") || words.Contains("default"));
                    _mains.Add((string.Join('$', open), open[0], (classic ? 0 : 2) + (open.Count > 1 ? 1 : 0)));
                    break;
            }

            if (parentheses == 0 && token is "{" or "}" or ";")
            {
                words.Clear();
            }
            else if (parentheses == 0)
            {
                words.Add(token);
            }
        }
    }

    /// <summary>Not <c>X.class</c>, nor a variable that is called record.</summary>
    private static bool IsDeclaration(MatchCollection tokens, int at) =>
        (at == 0 || tokens[at - 1].Value != ".")
        && at + 2 < tokens.Count && char.IsLetter(tokens[at + 1].Value[0])
        && (tokens[at].Value != "record" || tokens[at + 2].Value is "(" or "<");

    private static (string Name, int Last) Name(MatchCollection tokens, int from)
    {
        int end = from;
        while (end < tokens.Count && tokens[end].Value != ";")
        {
            end++;
        }

        return (string.Concat(tokens.Skip(from).Take(end - from).Select(token => token.Value)), int.Min(end, tokens.Count - 1));
    }

    [GeneratedRegex(@"[\p{L}_$][\p{L}\p{N}_$]*|[{}();.<>@]")]
    private static partial Regex Tokens();
}
