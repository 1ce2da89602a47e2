using System.Globalization;
using Executor.Limits;
using Executor.Runners.Plans.Sources;

namespace Executor.Runners.Plans;

/// <summary>Replaces the placeholders of a <see cref="Runtimes.RuntimeDefinition"/>.</summary>
internal sealed class CommandTemplate
{
    /// <summary>
    /// A stack as large as the memory would be killed before its overflow could be told and caught; and a JVM that unwinds an overflown
    /// stack takes three times its size for that.
    /// </summary>
    private const int ShareOfStack = 6;

    /// <summary>The most that a JVM takes is 1 GiB.</summary>
    private const int MostStackMb = 1024;

    /// <summary>There may be many threads, and where no cgroup counts memory, what is reserved for their stacks counts as data.</summary>
    private const int MostThreadStackMb = 16;

    private readonly SourceSet _sources;
    private readonly IReadOnlyList<string> _flags;
    private readonly IReadOnlyList<string> _args;
    private readonly (string Placeholder, string Value)[] _values;

    public CommandTemplate(string interpreter, SourceSet sources, EffectiveLimits limits, IReadOnlyList<string> flags, IReadOnlyList<string> args)
    {
        _sources = sources;
        _flags = flags;
        _args = args;
        int heapMb = int.Max(1, (int)(limits.MemoryMb * 3L / 4));
        int mainStackMb = int.Clamp(limits.StackMb < limits.MemoryMb ? limits.StackMb : limits.MemoryMb / ShareOfStack, 1, MostStackMb);
        int threadStackMb = int.Min(mainStackMb, MostThreadStackMb);
        string bin = Path.GetDirectoryName(interpreter) ?? "";
        _values =
        [
            ("{interpreter}", interpreter),
            // Without a folder the neighbour is looked for on PATH too.
            ("{bin}/", bin.Length == 0 ? "" : bin.TrimEnd('/') + "/"),
            ("{bin}", bin),
            ("{source}", SourceSet.Safe(sources.Source)),
            ("{main}", sources.Main),
            ("{stem}", Path.GetFileNameWithoutExtension(sources.Source)),
            ("{memory_mb}", Text(limits.MemoryMb)),
            ("{heap_mb}", Text(heapMb)),
            ("{heap_hex}", "0x" + (heapMb * 1024L * 1024L).ToString("X", CultureInfo.InvariantCulture)),
            ("{stack_mb}", Text(limits.StackMb)),
            ("{main_stack_mb}", Text(mainStackMb)),
            ("{thread_stack_kb}", Text(threadStackMb * 1024L)),
            ("{thread_stack_bytes}", Text(threadStackMb * 1024L * 1024L)),
            ("{thread_stack_hex}", "0x" + (threadStackMb * 1024L * 1024L).ToString("X", CultureInfo.InvariantCulture)),
            // V8 wants room for its own frames beyond it.
            ("{v8_stack_kb}", Text(mainStackMb * 1024L * 7 / 8)),
        ];
    }

    public IReadOnlyList<string> Fill(IReadOnlyList<string> command) =>
        [.. command.SelectMany(part => part switch
        {
            "{args}" => _args,
            "{sources}" => _sources.Elements(),
            "{flags}" => _flags.Select(Fill),
            _ => [Fill(part)],
        })];

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

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
