using System.Globalization;

namespace Executor.Runners.Plans;

/// <summary>Replaces the placeholders of a <see cref="Runtimes.RuntimeDefinition"/>.</summary>
internal sealed class CommandTemplate
{
    private readonly IReadOnlyList<string> _flags;
    private readonly IReadOnlyList<string> _args;
    private readonly (string Placeholder, string Value)[] _values;

    public CommandTemplate(string interpreter, string source, int memoryMb, IReadOnlyList<string> flags, IReadOnlyList<string> args)
    {
        _flags = flags;
        _args = args;
        int heapMb = int.Max(1, (int)(memoryMb * 3L / 4));
        string bin = Path.GetDirectoryName(interpreter) ?? "";
        _values =
        [
            ("{interpreter}", interpreter),
            // Without a folder the neighbour is looked for on PATH too.
            ("{bin}/", bin.Length == 0 ? "" : bin.TrimEnd('/') + "/"),
            ("{bin}", bin),
            ("{source}", source),
            ("{stem}", Path.GetFileNameWithoutExtension(source)),
            ("{memory_mb}", memoryMb.ToString(CultureInfo.InvariantCulture)),
            ("{heap_mb}", heapMb.ToString(CultureInfo.InvariantCulture)),
            ("{heap_hex}", "0x" + (heapMb * 1024L * 1024L).ToString("X", CultureInfo.InvariantCulture)),
        ];
    }

    public IReadOnlyList<string> Fill(IReadOnlyList<string> command) =>
        [.. command.SelectMany(part => part switch
        {
            "{args}" => _args,
            "{flags}" => _flags.Select(Fill),
            _ => [Fill(part)],
        })];

    /// <summary>Replaces in one pass, so that a value with braces stays as it is.</summary>
    public string Fill(string text)
    {
        if (!text.Contains('{'))
        {
            return text;
        }

        var filled = new System.Text.StringBuilder();
        for (int at = 0; at < text.Length;)
        {
            (string placeholder, string value) = text[at] == '{'
                ? Array.Find(_values, pair => text.AsSpan(at).StartsWith(pair.Placeholder, StringComparison.Ordinal))
                : default;
            filled.Append(placeholder is null ? text[at].ToString() : value);
            at += placeholder?.Length ?? 1;
        }

        return filled.ToString();
    }
}
