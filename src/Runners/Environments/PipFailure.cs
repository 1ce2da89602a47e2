using System.Text.RegularExpressions;

namespace Executor.Runners.Environments;

/// <summary>Tells from pip's output why it failed, in one sentence.</summary>
internal static partial class PipFailure
{
    private const int MaxVersions = 12;

    public static string Explain(IReadOnlyList<string> output)
    {
        if (output.FirstOrDefault(line => Unreachable().IsMatch(line)) is not null)
        {
            string where = output.Select(line => Host().Match(line)).FirstOrDefault(match => match.Success) is Match host ? $" ({host.Groups["host"].Value})" : "";
            return $"the package index can't be reached{where}; check the server's network, or set PIP_INDEX_URL, PIP_FIND_LINKS or a proxy in the server's environment";
        }

        foreach (string line in output)
        {
            if (NoVersion().Match(line) is { Success: true } none)
            {
                string package = none.Groups["package"].Value;
                string[] versions = none.Groups["versions"].Value.Split(',', StringSplitOptions.TrimEntries);
                return versions is ["none"]
                    ? $"the package index has no package {package} with a wheel for this Python (only wheels are installed); check the name and the version"
                    : $"the package index has no version of {package} that matches; there are: {string.Join(", ", versions.TakeLast(MaxVersions))}";
            }

            if (line.Contains("conflicting dependencies", StringComparison.Ordinal) || line.Contains("Double requirement given", StringComparison.Ordinal))
            {
                return $"the packages can't be had together: {Trim(line)}";
            }

            if (line.Contains("No space left on device", StringComparison.Ordinal))
            {
                return "the disk that holds the environments is full";
            }
        }

        return output.LastOrDefault(line => line.StartsWith("ERROR: ", StringComparison.Ordinal)) is string error ? $"pip failed: {Trim(error)}"
            : output.LastOrDefault(line => line.Trim().Length > 0) is string last ? $"pip failed: {Trim(last)}"
            : "pip failed without a word";
    }

    private static string Trim(string line) => line.Replace("ERROR: ", "", StringComparison.Ordinal).Trim();

    [GeneratedRegex(
        "connection broken by|Max retries exceeded|NewConnectionError|ConnectTimeoutError|ReadTimeoutError|Read timed out|ProxyError|SSLError|confirming the ssl certificate|name resolution|Failed to establish a new connection",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Unreachable();

    // pip names the index first when it isn't the usual one; some of its errors name the host.
    [GeneratedRegex(@"(?:Looking in indexes: \S+?://(?:[^/@\s]*@)?|ConnectionPool\(host=')(?<host>[^/:'\s,]+)", RegexOptions.CultureInvariant)]
    private static partial Regex Host();

    [GeneratedRegex(@"Could not find a version that satisfies the requirement (?<package>.+?) \(from .*?versions: (?<versions>[^)]*)\)", RegexOptions.CultureInvariant)]
    private static partial Regex NoVersion();
}
