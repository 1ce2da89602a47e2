using System.Buffers;
using System.Text.Json;

namespace Executor.Configuration.Batches;

/// <summary>Writes YAML as JSON by YAML's core schema: only what was written without quotes is anything but text.</summary>
internal static class YamlJson
{
    public static void Write(DocumentNode node, IBufferWriter<byte> output)
    {
        using Utf8JsonWriter writer = new(output);
        Write(node, writer);
    }

    private static void Write(DocumentNode node, Utf8JsonWriter writer)
    {
        switch (node)
        {
            case DocumentMap map:
                writer.WriteStartObject();
                foreach ((string key, DocumentEntry entry) in map.Entries)
                {
                    writer.WritePropertyName(key);
                    Write(entry.Node, writer);
                }

                writer.WriteEndObject();
                break;
            case DocumentList list:
                writer.WriteStartArray();
                foreach (DocumentNode item in list.Items)
                {
                    Write(item, writer);
                }

                writer.WriteEndArray();
                break;
            case DocumentScalar scalar:
                WriteScalar(scalar, writer);
                break;
        }
    }

    private static void WriteScalar(DocumentScalar scalar, Utf8JsonWriter writer)
    {
        if (scalar.IsNull)
        {
            writer.WriteNullValue();
        }
        else if (scalar.IsPlain && scalar.Text is "true" or "True" or "TRUE")
        {
            writer.WriteBooleanValue(true);
        }
        else if (scalar.IsPlain && scalar.Text is "false" or "False" or "FALSE")
        {
            writer.WriteBooleanValue(false);
        }
        else if (scalar.IsPlain && YamlNumber.ToJson(scalar.Text) is string number)
        {
            writer.WriteRawValue(number, skipInputValidation: true);
        }
        else
        {
            writer.WriteStringValue(scalar.Text);
        }
    }
}
