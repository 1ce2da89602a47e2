using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Executor.Text;

namespace Executor.Tasks;

/// <summary>
/// Compares JSON with the types it is to become and says every difference in plain words. The fields and their types are
/// the serializer's own metadata, so that there is no second list of them.
/// </summary>
public sealed class TaskShape
{
    /// <summary>What is wrong with a text that ends in the middle of a character.</summary>
    public const string HalfCharacter = "has a \\u escape that is half a character";

    private readonly List<ValidationFault> faults = [];

    private TaskShape()
    {
    }

    /// <summary>Every difference; empty when the JSON fits. All its texts must be whole characters.</summary>
    /// <param name="json">The JSON.</param>
    /// <param name="type">What it is to become.</param>
    public static List<ValidationFault> Check(JsonElement json, JsonTypeInfo type)
    {
        var shape = new TaskShape();
        shape.CheckValue(json, type, "");
        return shape.faults;
    }

    /// <summary>A JSON value in words, for the end of <c>must be …, was …</c>.</summary>
    public static string Describe(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => $"the text {QuotedText.Of(json.GetString()!)}",
        JsonValueKind.Number => $"the number {QuotedText.Cut(json.GetRawText())}",
        JsonValueKind.Undefined => "nothing",
        _ => json.GetRawText(),
    };

    /// <summary>Whether all texts in it are whole characters, so that it can be written again.</summary>
    public static bool IsWritable(JsonElement json)
    {
        try
        {
            using Utf8JsonWriter writer = new(Stream.Null);
            json.WriteTo(writer);
            return true;
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            return false;
        }
    }

    /// <summary>The fields in whose names or values a text is not whole characters.</summary>
    public static List<ValidationFault> CheckCharacters(JsonElement json)
    {
        List<ValidationFault> faults = [];
        foreach (JsonProperty property in json.ValueKind == JsonValueKind.Object ? json.EnumerateObject() : default)
        {
            try
            {
                string name = property.Name;
                if (!IsWritable(property.Value))
                {
                    faults.Add(new(name, HalfCharacter));
                }
            }
            catch (InvalidOperationException)
            {
                faults.Add(new("", $"a field's name {HalfCharacter}"));
            }
        }

        return faults;
    }

    private void CheckValue(JsonElement json, JsonTypeInfo type, string path)
    {
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object when Is(json, JsonValueKind.Object, path, "an object"):
                CheckFields(json, type, path);
                break;
            case JsonTypeInfoKind.Enumerable when Is(json, JsonValueKind.Array, path, "a list"):
                int index = 0;
                foreach (JsonElement item in json.EnumerateArray())
                {
                    CheckNullable(item, ElementOf(type), $"{path}[{index++}]");
                }

                break;
            case JsonTypeInfoKind.Dictionary when Is(json, JsonValueKind.Object, path, "an object (names and values)"):
                HashSet<string> names = [];
                foreach (JsonProperty property in json.EnumerateObject())
                {
                    string itemPath = $"{path}[{QuotedText.Of(property.Name)}]";
                    CheckOnce(names, property.Name, itemPath);
                    CheckNullable(property.Value, ElementOf(type), itemPath);
                }

                break;
            case JsonTypeInfoKind.None:
                CheckLeaf(json, type, path);
                break;
        }
    }

    private void CheckFields(JsonElement json, JsonTypeInfo type, string path)
    {
        HashSet<string> names = [];
        foreach (JsonProperty given in json.EnumerateObject())
        {
            string fieldPath = path.Length == 0 ? given.Name : $"{path}.{given.Name}";
            CheckOnce(names, given.Name, fieldPath);
            JsonPropertyInfo? field = type.Properties.FirstOrDefault(property => property.Name == given.Name);
            if (field is null)
            {
                faults.Add(new(fieldPath, ExplainUnknown(given.Name, type)));
            }
            else
            {
                CheckNullable(given.Value, type.Options.GetTypeInfo(field.PropertyType), fieldPath);
            }
        }

        foreach (JsonPropertyInfo field in type.Properties.Where(property => property.IsRequired && !names.Contains(property.Name)))
        {
            faults.Add(new(path.Length == 0 ? field.Name : $"{path}.{field.Name}", "is missing"));
        }
    }

    private static string ExplainUnknown(string given, JsonTypeInfo type)
    {
        IEnumerable<string> known = type.Properties.Select(property => property.Name);
        return ClosestName.Find(given, known) is string close
            ? $"unknown field; did you mean {close}?"
            : ClosestName.Explain("field", given, known);
    }

    private void CheckOnce(HashSet<string> names, string name, string path)
    {
        if (!names.Add(name))
        {
            faults.Add(new(path, "is given twice"));
        }
    }

    private void CheckNullable(JsonElement json, JsonTypeInfo type, string path)
    {
        if (json.ValueKind != JsonValueKind.Null || (type.Type.IsValueType && Nullable.GetUnderlyingType(type.Type) is null))
        {
            CheckValue(json, type, path);
        }
    }

    private void CheckLeaf(JsonElement json, JsonTypeInfo info, string path)
    {
        Type type = Nullable.GetUnderlyingType(info.Type) ?? info.Type;
        (bool fits, string wanted) = type switch
        {
            _ when type == typeof(string) => (json.ValueKind == JsonValueKind.String, "a text (in quotes)"),
            _ when type == typeof(bool) => (json.ValueKind is JsonValueKind.True or JsonValueKind.False, "true or false"),
            _ when type == typeof(int) => (json.ValueKind == JsonValueKind.Number && json.TryGetInt32(out _), "a whole number"),
            _ when type == typeof(double) => (json.ValueKind == JsonValueKind.Number, "a number"),
            _ when type == typeof(TimeSpan) => (IsSeconds(json), "a number of seconds"),
            { IsEnum: true } => (IsOneOf(json, WireNames(info, type)), $"one of {string.Join(", ", WireNames(info, type))}"),
            _ => (true, ""),
        };
        if (!fits)
        {
            faults.Add(new(path, $"must be {wanted}, was {Describe(json)}"));
        }
    }

    private bool Is(JsonElement json, JsonValueKind kind, string path, string wanted)
    {
        if (json.ValueKind != kind)
        {
            faults.Add(new(path, $"must be {wanted}, was {Describe(json)}"));
        }

        return json.ValueKind == kind;
    }

    private static bool IsSeconds(JsonElement json) =>
        json.ValueKind == JsonValueKind.Number && double.Abs(json.GetDouble()) < TimeSpan.MaxValue.TotalSeconds;

    private static bool IsOneOf(JsonElement json, IEnumerable<string> names) =>
        json.ValueKind == JsonValueKind.String && names.Contains(json.GetString(), StringComparer.OrdinalIgnoreCase);

    private static List<string> WireNames(JsonTypeInfo info, Type type) =>
        [.. Enum.GetValuesAsUnderlyingType(type).Cast<object>()
            .Select(value => JsonSerializer.SerializeToElement(Enum.ToObject(type, value), info.Options.GetTypeInfo(type)).GetString()!)];

    private static JsonTypeInfo ElementOf(JsonTypeInfo type) => type.Options.GetTypeInfo(type.ElementType!);
}
