using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Executor.Configuration;

/// <summary>
/// Reads YAML into <see cref="DocumentNode"/>s from the parser's events. YamlDotNet's own node tree is not used: it stops at
/// the first duplicate key, recurses without a bound, and can hold cycles.
/// </summary>
internal sealed class YamlDocument
{
    private const int MaxDepth = 64;
    private const long MaxExpansion = 100_000;
    private const char ByteOrderMark = '\uFEFF';
    private const string TagPrefix = "tag:yaml.org,2002:";

    private readonly Parser parser;
    private readonly string source;
    private readonly List<ConfigurationFault> faults;
    private readonly Dictionary<AnchorName, DocumentNode?> anchors = [];
    private long written;

    private YamlDocument(TextReader text, string source, List<ConfigurationFault> faults)
    {
        parser = new Parser(text);
        this.source = source;
        this.faults = faults;
    }

    /// <summary>The roots of all documents in the text; none when it is empty or only comments.</summary>
    /// <param name="text">The text; may throw <see cref="DecoderFallbackException"/> where it isn't text.</param>
    /// <param name="source">How to name it in faults.</param>
    /// <param name="faults">Receives what is wrong with the content of well-formed YAML: duplicate keys and the like.</param>
    /// <exception cref="ConfigurationException">It is not YAML; carries the one fault.</exception>
    public static List<DocumentNode> Read(TextReader text, string source, List<ConfigurationFault> faults)
    {
        try
        {
            string all = text.ReadToEnd();
            // The parser takes a NUL for the end and would say nothing about what follows.
            int nul = all.IndexOf('\0', StringComparison.Ordinal);
            if (nul >= 0)
            {
                throw Broken(source, 1 + all.AsSpan(0, nul).Count('\n'), "there is a NUL character");
            }

            using StringReader yaml = new(all.StartsWith(ByteOrderMark) ? all[1..] : all);
            return new YamlDocument(yaml, source, faults).ReadDocuments();
        }
        catch (YamlException exception)
        {
            throw Broken(source, long.Max(1, exception.Start.Line), exception.Message.TrimEnd('.'));
        }
        catch (DecoderFallbackException)
        {
            throw Broken(source, null, "it is not UTF-8 text");
        }
    }

    private static ConfigurationException Broken(string source, long? line, string message) =>
        new([new ConfigurationFault(source, line, "", $"broken YAML: {message}")]);

    private List<DocumentNode> ReadDocuments()
    {
        List<DocumentNode> roots = [];
        while (Next() is not null and not StreamEnd)
        {
            if (parser.Current is DocumentStart)
            {
                anchors.Clear();
                Next();
                roots.Add(ReadNode("", 0));
            }
        }

        return roots;
    }

    /// <summary>Reads the node that begins with the current event; afterwards its last event is the current one.</summary>
    private DocumentNode ReadNode(string path, int depth)
    {
        if (parser.Current is AnchorAlias alias)
        {
            return Resolve(alias);
        }

        // The parser gives no event for the value of some misplaced keys (a tab, a colon, a bar).
        if (parser.Current is not NodeEvent begin)
        {
            Mark mark = parser.Current?.Start ?? Mark.Empty;
            throw new YamlException(mark, mark, "a value is missing");
        }

        Origin origin = At(begin);
        if (depth > MaxDepth)
        {
            throw new YamlException(begin.Start, begin.End, $"nested deeper than {MaxDepth} levels");
        }

        written++;
        if (!begin.Anchor.IsEmpty)
        {
            anchors[begin.Anchor] = null;
        }

        DocumentNode node = begin switch
        {
            SequenceStart => ReadList(origin, path, depth),
            MappingStart => ReadMap(origin, path, depth),
            _ => ReadScalar((Scalar)begin, origin, path),
        };
        if (node.Size - written > MaxExpansion)
        {
            throw new YamlException(begin.Start, begin.End, $"its aliases written out come to over {MaxExpansion} values");
        }

        if (!begin.Anchor.IsEmpty)
        {
            anchors[begin.Anchor] = node;
        }

        return node;
    }

    private DocumentList ReadList(Origin origin, string path, int depth)
    {
        RefuseTag(origin, path, ((NodeEvent)parser.Current!).Tag, "seq");
        List<DocumentNode> items = [];
        while (Next() is not SequenceEnd)
        {
            items.Add(ReadNode($"{path}[{items.Count}]", depth + 1));
        }

        return new DocumentList(origin, items);
    }

    private DocumentMap ReadMap(Origin origin, string path, int depth)
    {
        RefuseTag(origin, path, ((NodeEvent)parser.Current!).Tag, "map");
        OrderedDictionary<string, DocumentEntry> entries = [];
        while (Next() is not MappingEnd)
        {
            Origin keyOrigin = At(parser.Current);
            DocumentNode keyNode = ReadNode(path, depth + 1);
            string? key = (keyNode as DocumentScalar)?.Text;
            string valuePath = path.Length == 0 ? key ?? "" : $"{path}.{key}";
            Next();
            DocumentNode value = ReadNode(valuePath, depth + 1);
            if (key is null)
            {
                faults.Add(new ConfigurationFault(source, keyOrigin.Line, path, "a key must be a text, was a list or a map"));
            }
            else if (entries.TryGetValue(key, out DocumentEntry first))
            {
                faults.Add(new ConfigurationFault(source, keyOrigin.Line, valuePath, $"is given twice, first in line {first.Origin.Line}"));
            }
            else
            {
                entries.Add(key, new DocumentEntry(keyOrigin, value));
            }
        }

        return new DocumentMap(origin, entries);
    }

    private DocumentScalar ReadScalar(Scalar scalar, Origin origin, string path)
    {
        RefuseTag(origin, path, scalar.Tag, "str", "int", "float", "bool", "null");
        bool isPlain = scalar.Tag.IsEmpty
            ? scalar.Style == ScalarStyle.Plain
            : !scalar.Tag.IsNonSpecific && scalar.Tag.Value != TagPrefix + "str";
        return new DocumentScalar(origin, scalar.Value, isPlain);
    }

    private void RefuseTag(Origin origin, string path, TagName tag, params ReadOnlySpan<string> known)
    {
        if (tag.IsEmpty || tag.IsNonSpecific)
        {
            return;
        }

        foreach (string name in known)
        {
            if (tag.Value == TagPrefix + name)
            {
                return;
            }
        }

        faults.Add(new ConfigurationFault(source, origin.Line, path, $"the tag {tag.Value} has no meaning here; remove it"));
    }

    private DocumentNode Resolve(AnchorAlias alias)
    {
        if (!anchors.TryGetValue(alias.Value, out DocumentNode? node))
        {
            throw new YamlException(alias.Start, alias.End, $"there is no anchor &{alias.Value} before this alias");
        }

        return node ?? throw new YamlException(alias.Start, alias.End, $"the alias *{alias.Value} stands inside what it names");
    }

    private ParsingEvent? Next()
    {
        try
        {
            parser.MoveNext();
            return parser.Current;
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            // The parser's way to refuse some broken texts, for one a \uD800 followed by what is not its other half.
            Mark mark = parser.Current?.End ?? Mark.Empty;
            throw new YamlException(mark, mark, "what comes here can't be understood", exception);
        }
    }

    private Origin At(ParsingEvent? parsingEvent) => new(source, parsingEvent?.Start.Line ?? 1);
}
