using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using Executor.Wire;

namespace Executor.Tasks;

/// <summary>Reads one task from JSON and validates it. Never throws for what the JSON is.</summary>
public static class TaskSpecReader
{
    private static readonly ExecutorJson Strict = new(new JsonSerializerOptions(ExecutorJson.Default.Options)
    {
        AllowDuplicateProperties = false,
        Converters =
        {
            // A number is no name; the types' own converters take it for one.
            new JsonStringEnumConverter<RunnerKind>(allowIntegerValues: false),
            new JsonStringEnumConverter<TaskFileEncoding>(allowIntegerValues: false),
        },
    });

    private static readonly string[] SourceFields = ["code", "script", "command", "entrypoint"];

    /// <summary>The task in the bytes (UTF-8, one JSON object), or every fault: of the JSON, of the fields' types, of their values.</summary>
    public static TaskReading Read(ReadOnlySpan<byte> utf8Json)
    {
        if (utf8Json.StartsWith("\uFEFF"u8))
        {
            utf8Json = utf8Json["\uFEFF"u8.Length..];
        }

        if (!utf8Json.ContainsAnyExcept(" \t\r\n"u8))
        {
            return TaskReading.Refused("", "is empty; must be an object");
        }

        if (!Utf8.IsValid(utf8Json))
        {
            return TaskReading.Refused("", "is not UTF-8 text");
        }

        try
        {
            TaskSpec? task = JsonSerializer.Deserialize(utf8Json, Strict.TaskSpec);
            if (task is null)
            {
                return TaskReading.Refused("", "must be an object, was null");
            }

            IReadOnlyList<ValidationFault> faults = TaskSpecValidator.Validate(task);
            return faults.Count == 0 ? TaskReading.Of(task) : TaskReading.Refused(faults);
        }
        catch (JsonException exception)
        {
            return TaskReading.Refused(Explain(utf8Json, exception));
        }
    }

    /// <summary>The serializer stops at its first complaint; this goes through the JSON again and finds them all.</summary>
    private static List<ValidationFault> Explain(ReadOnlySpan<byte> utf8Json, JsonException cause)
    {
        try
        {
            using JsonDocument json = Parse(utf8Json);
            List<ValidationFault> faults = TaskShape.CheckCharacters(json.RootElement);
            if (faults.Count > 0)
            {
                return faults;
            }

            faults = TaskShape.Check(json.RootElement, Strict.TaskSpec);
            if (faults.Count == 0)
            {
                return [new(JsonFault.FieldOf(cause), JsonFault.Explain(cause))];
            }

            return [.. faults, .. ValidateRest(json.RootElement, faults)];
        }
        catch (JsonException exception)
        {
            string place = exception.LineNumber > 0 ? $"line {exception.LineNumber + 1}, byte" : "byte";
            return [new("", $"is not valid JSON at {place} {exception.BytePositionInLine + 1}: {JsonFault.Explain(exception)}")];
        }
    }

    private static JsonDocument Parse(ReadOnlySpan<byte> utf8Json)
    {
        Utf8JsonReader reader = new(utf8Json);
        JsonDocument json = JsonDocument.ParseValue(ref reader);
        try
        {
            // Throws where something follows.
            reader.Read();
            return json;
        }
        catch (JsonException)
        {
            json.Dispose();
            throw;
        }
    }

    /// <summary>The faults of the values of those fields whose types are right.</summary>
    private static IEnumerable<ValidationFault> ValidateRest(JsonElement json, List<ValidationFault> typeFaults)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return [];
        }

        HashSet<string> bad = [.. typeFaults.Select(fault => RootOf(fault.Field))];
        HashSet<string> known = [.. Strict.TaskSpec.Properties.Select(property => property.Name).Except(bad)];
        if (SourceFields.Any(bad.Contains))
        {
            known.ExceptWith(SourceFields);
        }

        using MemoryStream rest = new();
        using (Utf8JsonWriter writer = new(rest))
        {
            writer.WriteStartObject();
            foreach (JsonProperty property in json.EnumerateObject().Where(property => known.Contains(property.Name)))
            {
                property.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        TaskSpec task = JsonSerializer.Deserialize(rest.GetBuffer().AsSpan(0, (int)rest.Length), Strict.TaskSpec)!;
        return TaskSpecValidator.Validate(task).Where(fault => known.Contains(RootOf(fault.Field)));
    }

    private static string RootOf(string field)
    {
        int end = field.AsSpan().IndexOfAny('.', '[');
        return end < 0 ? field : field[..end];
    }
}
