using System.Globalization;

namespace Executor.Runners.Languages;

/// <summary>The table of docs/runtimes.md, which <c>EXECUTOR_WRITE_DOCS=1</c> writes anew.</summary>
internal sealed class RuntimeTable
{
    private readonly string _path;

    private RuntimeTable(string path) => _path = path;

    public static RuntimeTable Open()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Executor.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return new RuntimeTable(Path.Combine(folder!, "docs", "runtimes.md"));
    }

    public static string Row(string language, IEnumerable<string> cells) => string.Create(CultureInfo.InvariantCulture, $"| **{language}** | {string.Join(" | ", cells)} |");

    /// <summary>The row as the page has it; null: it has none.</summary>
    public string? RowOf(string language) => Array.Find(File.ReadAllLines(_path), line => line.StartsWith($"| **{language}** |", StringComparison.Ordinal));

    public void Write(string language, IEnumerable<string> cells)
    {
        string row = Row(language, cells);
        List<string> lines = [.. File.ReadAllLines(_path)];
        int at = lines.FindIndex(line => line.StartsWith($"| **{language}** |", StringComparison.Ordinal));
        if (at >= 0)
        {
            lines[at] = row;
        }
        else
        {
            int end = lines.FindIndex(line => line.StartsWith("| | hello |", StringComparison.Ordinal)) + 2;
            while (lines[end].StartsWith("| **", StringComparison.Ordinal) && string.CompareOrdinal(lines[end], row) < 0)
            {
                end++;
            }

            lines.Insert(end, row);
        }

        File.WriteAllText(_path, string.Join('\n', lines) + "\n");
    }
}
