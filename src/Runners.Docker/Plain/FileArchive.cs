using System.Formats.Tar;
using System.Text;
using System.Text.RegularExpressions;
using Executor.Runners.Workspaces;

namespace Executor.Runners.Docker.Plain;

/// <summary>A task's files as the archives in which an engine takes and gives them.</summary>
internal static class FileArchive
{
    private const UnixFileMode Folder = (UnixFileMode)0b111_111_111;
    private const UnixFileMode Program = (UnixFileMode)0b111_101_101;
    private const UnixFileMode Text = (UnixFileMode)0b110_100_100;

    /// <summary>An archive that makes a working directory of the user's, with files in it.</summary>
    /// <param name="top">The working directory's name.</param>
    /// <param name="files">The files.</param>
    /// <param name="owner">The user's numbers; null: not known, and everyone may write.</param>
    public static MemoryStream Pack(string top, IReadOnlyList<WorkspaceFile> files, (int Uid, int Gid)? owner)
    {
        var archive = new MemoryStream();
        using (var writer = new TarWriter(archive, TarEntryFormat.Pax, leaveOpen: true))
        {
            HashSet<string> folders = [top];
            foreach (WorkspaceFile file in files)
            {
                for (string? folder = Path.GetDirectoryName($"{top}/{file.Path}"); !string.IsNullOrEmpty(folder); folder = Path.GetDirectoryName(folder))
                {
                    folders.Add(folder);
                }
            }

            foreach (string folder in folders.Order(StringComparer.Ordinal))
            {
                Write(new PaxTarEntry(TarEntryType.Directory, folder + "/") { Mode = Folder });
            }

            foreach (WorkspaceFile file in files)
            {
                UnixFileMode mode = file.Executable ? Program : Text;
                Write(new PaxTarEntry(TarEntryType.RegularFile, $"{top}/{file.Path}")
                {
                    Mode = owner is null ? mode | (UnixFileMode)0b010_010 : mode,
                    DataStream = new MemoryStream(file.Content.ToArray()),
                });
            }

            void Write(PaxTarEntry entry)
            {
                (entry.Uid, entry.Gid) = owner ?? (0, 0);
                writer.WriteEntry(entry);
            }
        }

        archive.Position = 0;
        return archive;
    }

    /// <summary>Reads the regular files that match out of an archive of the working directory, whose own name is each entry's first part.</summary>
    public static async Task<CollectedFiles> CollectAsync(Stream archive, IReadOnlyList<string> patterns, long maxBytes, CancellationToken cancellationToken)
    {
        List<Regex> rules = [.. patterns.Select(pattern => new Regex(Translate(pattern), RegexOptions.CultureInvariant | RegexOptions.NonBacktracking))];
        Dictionary<string, byte[]> files = [];
        List<string> skipped = [];
        await using var reader = new TarReader(archive);
        while (await reader.GetNextEntryAsync(copyData: false, cancellationToken) is TarEntry entry)
        {
            string name = entry.Name[(entry.Name.IndexOf('/', StringComparison.Ordinal) + 1)..].TrimEnd('/');
            if (entry.EntryType == TarEntryType.Directory || !rules.Exists(rule => rule.IsMatch(name)))
            {
                continue;
            }

            if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile))
            {
                skipped.Add($"{name}: not a regular file (links are not followed)");
            }
            else if (entry.Length > maxBytes)
            {
                skipped.Add($"{name}: {entry.Length} bytes are more than may still be returned");
            }
            else
            {
                byte[] content = new byte[entry.Length];
                if (entry.DataStream is not null)
                {
                    await entry.DataStream.ReadExactlyAsync(content, cancellationToken);
                }

                maxBytes -= content.Length;
                files[name] = content;
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
            (string part, int length) = rest switch
            {
                ['*', '*', '/', ..] => ("(?:[^/]+/)*", 3),
                ['*', '*', ..] => (".*", 2),
                ['*', ..] => ("[^/]*", 1),
                ['?', ..] => ("[^/]", 1),
                ['[', ..] when rest.Length > 2 && rest[2..].IndexOf(']') is >= 0 and int end => (Set(rest[1..(end + 2)].ToString()), end + 3),
                _ => (Regex.Escape(rest[0].ToString()), 1),
            };
            regex.Append(part);
            i += length;
        }

        return regex.Append(@"\z").ToString();
    }

    private static string Set(string chosen)
    {
        string escaped = chosen.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("[", @"\[", StringComparison.Ordinal);
        return $"[{(escaped[0] is '!' or '^' ? "^" + escaped[1..] : escaped)}]";
    }
}
