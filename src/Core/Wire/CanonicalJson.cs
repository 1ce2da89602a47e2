using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Executor.Wire;

/// <summary>Writes JSON in one form: fields in ordinal order, no blanks, no needless escapes. Numbers stay as written.</summary>
internal static class CanonicalJson
{
    private static readonly JsonDocumentOptions Reading = new() { MaxDepth = 1_000 };

    private static readonly JsonWriterOptions Writing = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <param name="json">UTF-8, an object.</param>
    /// <param name="without">Fields of the outermost object that are left out.</param>
    public static ReadOnlySpan<byte> Write(ReadOnlyMemory<byte> json, string[] without)
    {
        using JsonDocument document = JsonDocument.Parse(json, Reading);
        ArrayBufferWriter<byte> output = new(json.Length);
        using (Utf8JsonWriter writer = new(output, Writing))
        {
            WriteObject(document.RootElement, without, writer);
        }

        return output.WrittenSpan;
    }

    private static void WriteValue(JsonElement value, Utf8JsonWriter writer)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(value, [], writer);
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (JsonElement item in value.EnumerateArray())
                {
                    WriteValue(item, writer);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.String when Text(value) is string text:
                writer.WriteStringValue(text);
                break;
            default:
                writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);
                break;
        }
    }

    private static void WriteObject(JsonElement value, string[] without, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        // Stable: of fields given twice the order is kept.
        foreach ((string name, JsonElement field) in value.EnumerateObject()
            .Select(property => (Name: NameOf(property), property.Value))
            .Where(property => !without.Contains(property.Name))
            .OrderBy(property => property.Name, StringComparer.Ordinal))
        {
            writer.WritePropertyName(name);
            WriteValue(field, writer);
        }

        writer.WriteEndObject();
    }

    /// <summary>The text; null where an escape in it is half a character.</summary>
    private static string? Text(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return System.Text.Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8PropertyName(property));
        }
    }
}
