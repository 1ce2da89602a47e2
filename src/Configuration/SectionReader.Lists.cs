using System.Text.Json;

namespace Executor.Configuration;

internal sealed partial class SectionReader
{
    private const string ListOfTexts = "a list of texts ([a, b])";

    /// <summary>
    /// A list of texts that are not empty. From a variable: texts with commas between them, or a JSON array where a text has
    /// a comma in it.
    /// </summary>
    public IReadOnlyList<string>? Texts(string key)
    {
        if (TakeItems(key, ListOfTexts) is not { } items)
        {
            return null;
        }

        List<string> texts = [];
        foreach ((string itemPath, DocumentNode item) in items)
        {
            if (item is not DocumentScalar { IsNull: false } scalar)
            {
                faults.Add(item.Origin, itemPath, $"must be a text, was {Describe(item)}");
            }
            else if (Expand(scalar, itemPath) is string text)
            {
                if (text.Length == 0 || text.Contains('\0'))
                {
                    faults.Add(item.Origin, itemPath, "must be a text that is not empty and has no NUL in it");
                }

                texts.Add(text);
            }
        }

        return texts;
    }

    /// <summary>As <see cref="Texts"/>, but one text without a list around it is a list of one.</summary>
    public IReadOnlyList<string>? TextOrTexts(string key) =>
        TryTake(key, out DocumentEntry entry) && entry.Node is DocumentScalar { Origin.IsEnvironment: false }
            ? Text(key) is string text ? [text] : null
            : Texts(key);

    /// <summary>As <see cref="Texts"/>, each a path; a leading <c>~/</c> is the home folder.</summary>
    public IReadOnlyList<string>? FilePaths(string key) => Texts(key)?.Select(ExpandHome).ToList();

    /// <summary>Texts by names that the user chose. The names' letter case counts, in variables too.</summary>
    public IReadOnlyDictionary<string, string>? TextMap(string key)
    {
        if (!Has(key))
        {
            return null;
        }

        SectionReader section = Section(key);
        Dictionary<string, string> texts = [];
        foreach ((string name, DocumentEntry entry) in section.Entries())
        {
            string itemPath = section.PathOf(name);
            if (name.Length == 0 || name.AsSpan().ContainsAny('=', '\0'))
            {
                faults.Add(entry.Origin, itemPath, "must be a variable's name, which is not empty and has no '=' and no NUL in it");
            }

            if (entry.Node is not DocumentScalar scalar)
            {
                faults.Add(entry.Node.Origin, itemPath, $"must be a text, was {Describe(entry.Node)}");
            }
            else if (Expand(scalar, itemPath) is string text)
            {
                if (text.Contains('\0'))
                {
                    faults.Add(scalar.Origin, itemPath, "must have no NUL in it");
                }

                texts[name] = scalar.IsNull ? "" : text;
            }
        }

        return texts;
    }

    private List<(string Path, DocumentNode Node)>? TakeItems(string key, string wanted)
    {
        if (!TryTake(key, out DocumentEntry entry))
        {
            return null;
        }

        IReadOnlyList<DocumentNode>? items = entry.Node switch
        {
            DocumentList list => list.Items,
            DocumentScalar { Origin.IsEnvironment: true } scalar => SplitVariable(scalar),
            _ => null,
        };
        if (items is null)
        {
            // Not what it was: the text of a variable may be a list of secrets.
            faults.Add(entry.Node.Origin, PathOf(key), $"must be {wanted}");
            return null;
        }

        return [.. items.Select((item, index) => ($"{PathOf(key)}[{index}]", item))];
    }

    private static List<DocumentNode>? SplitVariable(DocumentScalar scalar)
    {
        if (!scalar.Text.StartsWith('['))
        {
            return [.. scalar.Text
                .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(text => new DocumentScalar(scalar.Origin, text, isPlain: false))];
        }

        try
        {
            using var json = JsonDocument.Parse(scalar.Text);
            return [.. json.RootElement.EnumerateArray()
                .Select(item => new DocumentScalar(scalar.Origin, item.GetString() ?? "", isPlain: false))];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
