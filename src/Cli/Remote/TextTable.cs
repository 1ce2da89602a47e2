using System.Text;

namespace Executor.Cli.Remote;

/// <summary>Columns of text for a person. Columns are as wide as the widest of the first rows, so that more rows can follow.</summary>
/// <remarks>Not Spectre.Console's: that draws a table when it has all of its rows, and wraps them at 80 columns where there is no terminal.</remarks>
/// <param name="headings">The columns' names.</param>
internal sealed class TextTable(params string[] headings)
{
    private int[]? _widths;

    /// <summary>The lines of some rows; the first time with the headings above them.</summary>
    public IEnumerable<string> Lines(IReadOnlyList<string[]> rows)
    {
        string[][] cells = [.. rows.Select(row => row.Select(Plain).ToArray())];
        bool isFirst = _widths is null;
        _widths ??= [.. headings.Select((heading, column) => int.Max(heading.Length, cells.Max(row => (int?)row[column].Length) ?? 0))];
        return (isFirst ? cells.Prepend(headings) : cells).Select(Line);
    }

    private string Line(string[] cells)
    {
        StringBuilder line = new();
        for (int column = 0; column < cells.Length; column++)
        {
            line.Append(cells[column].PadRight(_widths![column])).Append("  ");
        }

        return line.ToString().TrimEnd();
    }

    /// <summary>Text from elsewhere must not move the cursor or change colours.</summary>
    private static string Plain(string text) => text.Any(char.IsControl) ? string.Concat(text.Select(character => char.IsControl(character) ? '?' : character)) : text;
}
