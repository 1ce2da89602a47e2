using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Executor.Text;

namespace Executor.Tasks;

/// <summary>
/// A Python package that is asked for: a name, extras, versions and a marker, as PEP 508 writes them (<c>requests[socks]>=2.31,&lt;3</c>).
/// What would make the installer read a file, an address or an option is none.
/// </summary>
public sealed partial class PackageRequirement
{
    private const int MaxLength = 512;
    private const string Form = "must be a package such as pandas, requests==2.32.0 or uvicorn[standard]>=0.30,<1";

    private static readonly string[] Archives = [".whl", ".zip", ".egg", ".tar", ".gz", ".tgz", ".bz2", ".tbz", ".xz", ".txz", ".lz", ".tlz", ".lzma"];

    private PackageRequirement(string text) => Text = text;

    /// <summary>The one spelling of everything that means the same, as the installer is given it.</summary>
    public string Text { get; }

    /// <summary>Reads a requirement.</summary>
    /// <param name="text">As it was given.</param>
    /// <param name="requirement">The requirement; null when there is a problem.</param>
    /// <param name="problem">What is wrong and what would be right; null when nothing is.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out PackageRequirement? requirement, [NotNullWhen(false)] out string? problem)
    {
        requirement = null;
        problem = ProblemOf(text);
        if (problem is not null)
        {
            return false;
        }

        // One space where there were many: a run of them can be divided among the grammar's gaps in too many ways.
        Match match = Grammar().Match(Spaces().Replace(text.Trim(), " "));
        if (!match.Success)
        {
            problem = $"{Form}, was {QuotedText.Of(text)}";
            return false;
        }

        string name = Separators().Replace(match.Groups["name"].Value, "-").ToLowerInvariant();
        if (Array.Find(Archives, ending => match.Groups["name"].Value.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) is not null)
        {
            problem = $"{Form}, not a file, was {QuotedText.Of(text)}";
            return false;
        }

        string[] extras = [.. Items(match.Groups["extras"]).Select(extra => Separators().Replace(extra, "-").ToLowerInvariant()).Distinct().Order(StringComparer.Ordinal)];
        string[] versions = [.. Items(match.Groups["versions"]).Select(version => Spaces().Replace(version, "")).Distinct().Order(StringComparer.Ordinal)];
        string marker = match.Groups["marker"].Value.Trim();
        requirement = new PackageRequirement(
            name
            + (extras.Length == 0 ? "" : $"[{string.Join(',', extras)}]")
            + string.Join(',', versions)
            + (marker.Length == 0 ? "" : $" ; {marker}"));
        return true;
    }

    /// <summary>The set that requirements mean, in one order and without repetition.</summary>
    /// <param name="packages">Valid requirements.</param>
    public static IReadOnlyList<string> Canonical(IEnumerable<string> packages) =>
    [
        .. packages
            .Select(package => TryParse(package, out PackageRequirement? requirement, out string? problem) ? requirement.Text : throw new FormatException(problem))
            .Distinct()
            .Order(StringComparer.Ordinal),
    ];

    private static string? ProblemOf(string text) => text switch
    {
        _ when text.TrimStart().StartsWith('-') => $"must be a package's name, not an option, was {QuotedText.Of(text)}",
        _ when text.Length > MaxLength => $"must have at most {MaxLength} characters",
        _ when text.Contains("://", StringComparison.Ordinal) || text.Contains('@') =>
            $"{Form}, not an address: packages come from the server's package index; was {QuotedText.Of(text)}",
        _ when text.Contains('/') || text.Contains('\\') || text.StartsWith('.') => $"{Form}, not a path, was {QuotedText.Of(text)}",
        _ => null,
    };

    private static string[] Items(Group group) => group.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    // A marker is only kept from being anything else here; what it means is for the installer to say.
    [GeneratedRegex(
        """
        ^(?<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)
        \s* (?: \[ (?<extras> \s* [A-Za-z0-9][A-Za-z0-9._-]* \s* (?: , \s* [A-Za-z0-9][A-Za-z0-9._-]* \s* )* ) \] )?
        \s* (?<versions> (?: [~=!]= | === | [<>]=? ) \s* [A-Za-z0-9][A-Za-z0-9.*+!_-]* (?: \s* , \s* (?: [~=!]= | === | [<>]=? ) \s* [A-Za-z0-9][A-Za-z0-9.*+!_-]* )* )?
        \s* (?: ; (?<marker>[A-Za-z0-9_.'"<>=!~()*+\x20-]+) )? \z
        """,
        RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Grammar();

    [GeneratedRegex("[-_.]+", RegexOptions.CultureInvariant)]
    private static partial Regex Separators();

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Spaces();
}
