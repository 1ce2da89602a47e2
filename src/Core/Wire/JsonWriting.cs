using System.Text.Json;

namespace Executor.Wire;

/// <summary>Writes collections of texts as fields of JSON.</summary>
public static class JsonWriting
{
    /// <summary>Writes a field that is a list of texts.</summary>
    /// <param name="json">Where.</param>
    /// <param name="name">The field.</param>
    /// <param name="values">The texts.</param>
    public static void WriteStrings(this Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    /// <summary>Writes a field that is an object of texts.</summary>
    /// <param name="json">Where.</param>
    /// <param name="name">The field.</param>
    /// <param name="values">The texts, by name.</param>
    public static void WriteMap(this Utf8JsonWriter json, string name, IReadOnlyDictionary<string, string> values)
    {
        json.WriteStartObject(name);
        foreach ((string key, string value) in values)
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
    }
}
