using System.Diagnostics.CodeAnalysis;
using Executor.Executors;
using Executor.Text;

namespace Executor.Configuration;

/// <summary>
/// Reads the keys of one map of a configuration by name and kind, and collects what is wrong with them. An absent key, and
/// a faulty one, is null. The keys asked for are the keys that exist: <see cref="RefuseOthers"/> reports the rest.
/// </summary>
/// <remarks>Not attributes on the options: they know neither the file, the line and the variable that a value came from, nor what it was before it was parsed.</remarks>
internal sealed partial class SectionReader : ICodeExecutorEntry
{
    private readonly DocumentMap? map;
    private readonly Origin origin;
    private readonly string path;
    private readonly ConfigurationFaults faults;
    private readonly HashSet<string> known = [];
    private readonly bool isSection;

    /// <param name="node">The section; null or an empty value: no key is set.</param>
    /// <param name="origin">Where it was written.</param>
    /// <param name="path">Its key with its sections; empty for the root.</param>
    /// <param name="faults">Receives what is wrong.</param>
    public SectionReader(DocumentNode? node, Origin origin, string path, ConfigurationFaults faults)
    {
        map = node as DocumentMap;
        this.origin = origin;
        this.path = path;
        this.faults = faults;
        isSection = node is null or DocumentMap or DocumentScalar { IsNull: true };
        if (!isSection)
        {
            faults.Add(origin, path, $"must be a section (keys with values), was {Describe(node!)}");
        }
    }

    /// <summary>Whether the key has a value.</summary>
    public bool Has(string key) => TryTake(key, out _);

    /// <summary>The section under a key, empty when it is absent.</summary>
    public SectionReader Section(string key)
    {
        bool found = TryTake(key, out DocumentEntry entry);
        return new SectionReader(found ? entry.Node : null, found ? entry.Origin : origin, PathOf(key), faults);
    }

    /// <summary>The sections under a key whose names the user chose.</summary>
    public List<(string Name, SectionReader Section)> Named(string key)
    {
        SectionReader parent = Section(key);
        List<(string, SectionReader)> sections = [];
        foreach ((string given, DocumentEntry entry) in parent.Entries())
        {
            // Variables are upper-case by custom; names are not.
            string name = entry.Origin.IsEnvironment ? given.ToLowerInvariant() : given;
            if (!IsName(name))
            {
                faults.Add(entry.Origin, parent.PathOf(given), "must be a name of 1 to 64 letters, digits, '.', '_', '-' or '+', beginning with a letter or digit");
            }

            sections.Add((name, new SectionReader(entry.Node, entry.Origin, parent.PathOf(given), faults)));
        }

        return sections;
    }

    /// <summary>Reports a key of this section, or with an empty key the section itself.</summary>
    public void Fault(string key, string message)
    {
        bool found = TryTake(key, out DocumentEntry entry);
        faults.Add(found ? entry.Origin : origin, key.Length == 0 ? path : PathOf(key), message);
    }

    /// <summary>Reports that none of the keys is there, if it is so.</summary>
    public void RequireOneOf(params ReadOnlySpan<string> keys)
    {
        bool hasOne = !isSection;
        foreach (string key in keys)
        {
            hasOne |= Has(key);
        }

        if (!hasOne)
        {
            faults.Add(origin, path, $"needs the key {string.Join(" or ", keys!)}");
        }
    }

    /// <summary>Reports every key that was never asked for. Called once, last.</summary>
    public void RefuseOthers()
    {
        foreach ((string key, DocumentEntry entry) in Entries())
        {
            if (!IsKnown(key, entry))
            {
                faults.Add(entry.Origin, PathOf(key), ClosestName.Explain("key", key, known));
            }
        }
    }

    private IEnumerable<KeyValuePair<string, DocumentEntry>> Entries() => map?.Entries ?? Enumerable.Empty<KeyValuePair<string, DocumentEntry>>();

    private bool IsKnown(string key, DocumentEntry entry) =>
        known.Contains(key) || (entry.Origin.IsEnvironment && known.Contains(key.ToLowerInvariant()));

    private bool TryTake(string key, out DocumentEntry entry)
    {
        entry = default;
        if (key.Length == 0)
        {
            return false;
        }

        known.Add(key);
        if (map is null)
        {
            return false;
        }

        if (!map.Entries.TryGetValue(key, out entry))
        {
            entry = map.Entries.FirstOrDefault(pair =>
                pair.Value.Origin.IsEnvironment && pair.Key.Equals(key, StringComparison.OrdinalIgnoreCase)).Value;
        }

        return entry.Node is not (null or DocumentScalar { IsNull: true });
    }

    private bool TryTakeScalar(string key, string wanted, out DocumentEntry entry, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (!TryTake(key, out entry))
        {
            return false;
        }

        if (entry.Node is not DocumentScalar scalar)
        {
            Bad(key, entry, wanted);
            return false;
        }

        text = Expand(scalar, PathOf(key));
        return text is not null;
    }

    private void Bad(string key, DocumentEntry entry, string wanted) =>
        faults.Add(entry.Node.Origin, PathOf(key), $"must be {wanted}, was {Describe(entry.Node)}");

    private string PathOf(string key) => path.Length == 0 ? key : $"{path}.{key}";

    private static string Describe(DocumentNode node) => node switch
    {
        DocumentList => "a list",
        DocumentMap => "a section",
        DocumentScalar scalar => QuotedText.Of(scalar.Text),
        _ => throw new InvalidOperationException($"A document has no {node.GetType().Name}."),
    };

    private static bool IsName(string text) =>
        text.Length is >= 1 and <= 64
        && char.IsAsciiLetterOrDigit(text[0])
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '+');
}
