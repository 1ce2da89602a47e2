namespace Executor.Configuration;

/// <summary>Where something was written: a line of a file, or an environment variable (no line).</summary>
internal readonly record struct Origin(string Source, long? Line)
{
    public bool IsEnvironment => Line is null;
}

/// <summary>A piece of a document, whatever it was written in. Immutable: aliases share nodes.</summary>
internal abstract class DocumentNode(Origin origin, long size)
{
    public Origin Origin { get; } = origin;

    /// <summary>Number of nodes in it with every alias written out, which is what reading it may cost.</summary>
    public long Size { get; } = size;
}

/// <summary>A text, number, truth value or nothing; which of them is for the reader to say.</summary>
/// <param name="origin">Where it was written.</param>
/// <param name="text">As written, without quotes.</param>
/// <param name="isPlain">Whether it was written without quotes, so that it may mean something other than text.</param>
internal sealed class DocumentScalar(Origin origin, string text, bool isPlain) : DocumentNode(origin, 1)
{
    public string Text { get; } = text;

    public bool IsPlain { get; } = isPlain;

    public bool IsNull => IsPlain && Text is "" or "~" or "null" or "Null" or "NULL";
}

/// <summary>A list.</summary>
internal sealed class DocumentList(Origin origin, IReadOnlyList<DocumentNode> items)
    : DocumentNode(origin, 1 + items.Sum(item => item.Size))
{
    public IReadOnlyList<DocumentNode> Items { get; } = items;
}

/// <summary>A map of unique keys, in the order they were written.</summary>
internal sealed class DocumentMap(Origin origin, OrderedDictionary<string, DocumentEntry> entries)
    : DocumentNode(origin, 1 + entries.Values.Sum(entry => entry.Node.Size))
{
    public IReadOnlyDictionary<string, DocumentEntry> Entries { get; } = entries;

    /// <summary>The map with one entry replaced, or added at the end.</summary>
    public DocumentMap With(string key, DocumentEntry entry) =>
        new(Origin, new OrderedDictionary<string, DocumentEntry>(entries) { [key] = entry });
}

/// <summary>A map's value and where its key was written.</summary>
internal readonly record struct DocumentEntry(Origin Origin, DocumentNode Node);
