using System.Text;
using System.Text.RegularExpressions;
using Executor.Runners.Workspaces;

namespace Executor.Runners.Local.Plain;

/// <summary>Reads the regular files of a folder that match glob patterns; follows no link.</summary>
internal static class FileCollector
{
    private static readonly EnumerationOptions AllEntries = new() { AttributesToSkip = 0, IgnoreInaccessible = true };

    public static async Task<CollectedFiles> CollectAsync(string root, IReadOnlyList<string> patterns, long maxBytes, CancellationToken cancellationToken)
    {
        List<Regex> rules = [.. patterns.Select(pattern => new Regex(Translate(pattern), RegexOptions.CultureInvariant | RegexOptions.NonBacktracking))];
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        List<string> skipped = [];
        foreach (string path in Walk(root).Order(StringComparer.Ordinal))
        {
            string name = Path.GetRelativePath(root, path).Replace(Path.DirectorySeparatorChar, '/');
            if (!rules.Exists(rule => rule.IsMatch(name)))
            {
                continue;
            }

            if (new FileInfo(path).LinkTarget is not null)
            {
                skipped.Add($"{name}: not a regular file (links are not followed)");
                continue;
            }

            try
            {
                await using FileStream? file = RegularFile.Open(path);
                if (file is null)
                {
                    skipped.Add($"{name}: not a regular file (links are not followed)");
                }
                else if (file.Length > maxBytes)
                {
                    skipped.Add($"{name}: {file.Length} bytes are more than may still be returned");
                }
                else
                {
                    byte[] content = new byte[file.Length];
                    await file.ReadExactlyAsync(content, cancellationToken);
                    maxBytes -= content.Length;
                    files[name] = content;
                }
            }
            catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
            {
                skipped.Add($"{name}: {failed.Message}");
            }
        }

        return new CollectedFiles(files, skipped);
    }

    /// <summary>A glob as a regular expression, as the agent's <c>translate</c> does it.</summary>
    internal static string Translate(string pattern)
    {
        var regex = new StringBuilder(@"\A");
        for (int i = 0; i < pattern.Length;)
        {
            ReadOnlySpan<char> rest = pattern.AsSpan(i);
            if (rest.StartsWith("**/"))
            {
                regex.Append("(?:[^/]+/)*");
                i += 3;
            }
            else if (rest.StartsWith("**"))
            {
                regex.Append(".*");
                i += 2;
            }
            else if (rest[0] == '*')
            {
                regex.Append("[^/]*");
                i++;
            }
            else if (rest[0] == '?')
            {
                regex.Append("[^/]");
                i++;
            }
            else if (rest[0] == '[' && pattern.IndexOf(']', int.Min(i + 2, pattern.Length)) is > 0 and int end)
            {
                string chosen = pattern[(i + 1)..end].Replace(@"\", @"\\", StringComparison.Ordinal).Replace("[", @"\[", StringComparison.Ordinal);
                regex.Append('[').Append(chosen[0] is '!' or '^' ? "^" + chosen[1..] : chosen).Append(']');
                i = end + 1;
            }
            else
            {
                regex.Append(Regex.Escape(rest[0].ToString()));
                i++;
            }
        }

        return regex.Append(@"\z").ToString();
    }

    /// <summary>Everything below a folder that is not a folder; links to folders are named, not entered.</summary>
    private static IEnumerable<string> Walk(string root)
    {
        var folders = new Stack<string>([root]);
        while (folders.TryPop(out string? folder))
        {
            foreach (FileSystemInfo entry in new DirectoryInfo(folder).EnumerateFileSystemInfos("*", AllEntries))
            {
                if (entry is DirectoryInfo { LinkTarget: null })
                {
                    folders.Push(entry.FullName);
                }
                else
                {
                    yield return entry.FullName;
                }
            }
        }
    }
}
