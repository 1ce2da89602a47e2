using System.Buffers;
using System.Text;
using System.Text.Json;
using Executor.Tasks;
using Executor.Wire;

namespace Executor.Configuration.Batches;

public static partial class TaskBatchReader
{
    private const string TasksKey = "tasks";

    // A task is one or two levels further down than alone.
    private const int MaxJsonDepth = 128;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static ReadOnlySpan<byte> TasksKeyUtf8 => "tasks"u8;

    private static IEnumerable<TaskBatchEntry> ReadJson(MemoryStream whole, string name)
    {
        ReadOnlyMemory<byte> json = whole.GetBuffer().AsMemory(0, (int)whole.Length);
        if (json.Span.StartsWith("\uFEFF"u8))
        {
            json = json["\uFEFF"u8.Length..];
        }

        if (!json.Span.ContainsAnyExcept(" \t\r\n"u8))
        {
            return [];
        }

        List<Range> ranges;
        try
        {
            ranges = FindTasks(json.Span, name);
        }
        catch (JsonException exception)
        {
            throw new TaskBatchException($"{name}:{exception.LineNumber + 1}: broken JSON: {JsonFault.Explain(exception)}", exception);
        }

        return Entries(json, ranges);
    }

    private static IEnumerable<TaskBatchEntry> Entries(ReadOnlyMemory<byte> json, List<Range> ranges)
    {
        long line = 1;
        int counted = 0;
        foreach (Range range in ranges)
        {
            line += json.Span[counted..range.Start.Value].Count((byte)'\n');
            counted = range.Start.Value;
            yield return new TaskBatchEntry(line, TaskSpecReader.Read(json.Span[range]));
        }
    }

    /// <summary>Where the tasks are, after going through all of the JSON.</summary>
    private static List<Range> FindTasks(ReadOnlySpan<byte> json, string name)
    {
        Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = MaxJsonDepth });
        List<Range> ranges = [];
        List<string> others = [];
        bool hasTasks = false;
        reader.Read();
        int start = (int)reader.TokenStartIndex;
        switch (reader.TokenType)
        {
            case JsonTokenType.StartArray:
                AddElements(ref reader, ranges);
                break;
            case JsonTokenType.StartObject:
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    if (reader.ValueSpan.SequenceEqual(TasksKeyUtf8))
                    {
                        reader.Read();
                        RefuseNoList(name, reader.TokenType == JsonTokenType.StartArray && !hasTasks);
                        hasTasks = true;
                        AddElements(ref reader, ranges);
                    }
                    else
                    {
                        others.Add(Encoding.UTF8.GetString(reader.ValueSpan));
                        reader.Skip();
                    }
                }

                break;
            default:
                throw NotAList(name, "must be a list of tasks");
        }

        int end = (int)reader.BytesConsumed;
        // Throws where something follows.
        reader.Read();
        RefuseOthers(name, hasTasks ? others : []);
        return hasTasks || json[start] == '[' ? ranges : [start..end];
    }

    private static void AddElements(ref Utf8JsonReader reader, List<Range> ranges)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            int start = (int)reader.TokenStartIndex;
            reader.Skip();
            ranges.Add(start..(int)reader.BytesConsumed);
        }
    }

    private static IEnumerable<TaskBatchEntry> ReadYaml(MemoryStream whole, string name)
    {
        List<ConfigurationFault> faults = [];
        List<DocumentNode> documents;
        try
        {
            using StreamReader text = new(whole, StrictUtf8);
            documents = YamlDocument.Read(text, name, faults);
        }
        catch (ConfigurationException exception)
        {
            throw new TaskBatchException(exception.Message, exception);
        }

        if (faults.Count > 0)
        {
            throw new TaskBatchException(string.Join('\n', faults));
        }

        // All is known to be tasks before the first is handed out.
        List<DocumentNode> tasks = [.. documents.SelectMany(document => TasksOf(document, name))];
        return tasks.Select(ReadNode);
    }

    private static IReadOnlyList<DocumentNode> TasksOf(DocumentNode document, string name)
    {
        switch (document)
        {
            case DocumentList list:
                return list.Items;
            case DocumentMap map when map.Entries.TryGetValue(TasksKey, out DocumentEntry tasks):
                RefuseOthers(name, map.Entries.Keys.Where(key => key != TasksKey));
                RefuseNoList($"{name}:{tasks.Origin.Line}", tasks.Node is DocumentList);
                return ((DocumentList)tasks.Node).Items;
            case DocumentMap task:
                return [task];
            case DocumentScalar { IsNull: true }:
                return [];
            default:
                throw NotAList($"{name}:{document.Origin.Line}", "must be a list of tasks");
        }
    }

    private static TaskBatchEntry ReadNode(DocumentNode node)
    {
        ArrayBufferWriter<byte> json = new();
        YamlJson.Write(node, json);
        return new TaskBatchEntry(node.Origin.Line ?? 1, TaskSpecReader.Read(json.WrittenSpan));
    }

    private static void RefuseOthers(string name, IEnumerable<string> keys)
    {
        if (string.Join(", ", keys) is { Length: > 0 } others)
        {
            throw new TaskBatchException($"{name}: has {others} beside {TasksKey}; only {TasksKey} may be there");
        }
    }

    private static void RefuseNoList(string place, bool isList)
    {
        if (!isList)
        {
            throw NotAList(place, $"{TasksKey} must be one list of tasks");
        }
    }

    private static TaskBatchException NotAList(string place, string problem) =>
        new($"{place}: {problem}, as in [{{\"code\": \"print(1)\", \"language\": \"python\"}}]");
}
