using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Executor.Tasks;

namespace Executor.Storage;

/// <summary>
/// The wire's JSON as databases keep it. It differs in three ways: texts go through <see cref="StoredText"/>, since JSON can't
/// hold half characters either; the JSON values of callers and programs are kept byte for byte; and fields that a later version
/// no longer has are passed over.
/// </summary>
public static class StoredJson
{
    // The values of callers and programs are nested in ours.
    private const int MaxDepth = 1_000;

    /// <summary>What to serialize with.</summary>
    public static ExecutorJson Context { get; } = new(new JsonSerializerOptions(ExecutorJson.Wire.Options)
    {
        Converters = { new TextConverter(), new RawConverter() },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
        MaxDepth = MaxDepth,
    });

    private sealed class TextConverter : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetString() is string kept ? StoredText.Decode(kept) : null;

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
            writer.WriteStringValue(StoredText.Encode(value));

        public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            StoredText.Decode(reader.GetString()!);

        public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
            writer.WritePropertyName(StoredText.Encode(value));
    }

    private sealed class RawConverter : JsonConverter<JsonElement>
    {
        public override JsonElement Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            JsonElement.ParseValue(ref reader);

        // What was parsed once is valid; writing it anew would refuse the \ud800 that a program may print.
        public override void Write(Utf8JsonWriter writer, JsonElement value, JsonSerializerOptions options)
        {
            if (value.ValueKind == JsonValueKind.Undefined)
            {
                writer.WriteNullValue();
            }
            else
            {
                writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);
            }
        }
    }
}
