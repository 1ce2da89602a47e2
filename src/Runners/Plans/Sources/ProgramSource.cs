using System.Text.RegularExpressions;

namespace Executor.Runners.Plans.Sources;

/// <summary>Whether a source is a program of its own, which can't be part of another's build: two programs have two beginnings.</summary>
internal static partial class ProgramSource
{
    public static bool IsProgram(string text, string family) => family switch
    {
        "c" or "cpp" => TopLevel(CodeText.Blank(text, family)) is string code && FunctionMain().IsMatch(code),
        "go" => TopLevel(CodeText.Blank(text, family)) is string code && GoMain().IsMatch(code),
        "csharp" => IsCSharpProgram(CodeText.Blank(text, family)),
        _ => false,
    };

    /// <summary>The package of a Go source; empty when it says none.</summary>
    public static string GoPackage(string text) => PackageClause().Match(CodeText.Blank(text, "go")).Groups["name"].Value;

    /// <summary>The files that a C or C++ source takes in by <c>#include "…"</c>.</summary>
    public static IEnumerable<string> Includes(string text) => Included().Matches(text).Select(match => match.Groups["path"].Value);

    private static bool IsCSharpProgram(string code)
    {
        if (CSharpMain().IsMatch(code))
        {
            return true;
        }

        // Statements that are in no type are a program.
        string outside = Directive().Replace(TopLevel(code), "");
        return outside.Split(';', '{', '}').Select(piece => Attribute().Replace(piece, "").Trim()).Any(piece => piece.Length > 0 && !Declaration().IsMatch(piece));
    }

    /// <summary>What is in no braces, which themselves stay.</summary>
    private static string TopLevel(string code)
    {
        var outside = new System.Text.StringBuilder();
        int depth = 0;
        foreach (char c in code)
        {
            depth -= c == '}' && depth > 0 ? 1 : 0;
            if (depth == 0)
            {
                outside.Append(c);
            }

            depth += c == '{' ? 1 : 0;
        }

        return outside.ToString();
    }

    [GeneratedRegex(@"\bmain\s*\([^;{}]*\)[^;{}()]*\{")]
    private static partial Regex FunctionMain();

    [GeneratedRegex(@"\bfunc\s+main\s*\(\s*\)")]
    private static partial Regex GoMain();

    [GeneratedRegex(@"^\s*package\s+(?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex PackageClause();

    [GeneratedRegex(@"^[ \t]*#[ \t]*include[ \t]*""(?<path>[^""\r\n]+)""", RegexOptions.Multiline)]
    private static partial Regex Included();

    [GeneratedRegex(@"\bstatic\s+(?:[\w.<>]+\s+)*Main\s*\(")]
    private static partial Regex CSharpMain();

    [GeneratedRegex(@"^[ \t]*#.*$", RegexOptions.Multiline)]
    private static partial Regex Directive();

    [GeneratedRegex(@"\[[^\]]*\]")]
    private static partial Regex Attribute();

    [GeneratedRegex(@"^(global\s+using|using\s+(static\s+)?[\w.:]+(\s*=.*)?$|extern\s+alias|.*\b(namespace|class|struct|record|interface|enum|delegate)\b)", RegexOptions.Singleline)]
    private static partial Regex Declaration();
}
