using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using Executor.Tasks;
using Executor.Text;
using Executor.Wire;

namespace Executor.Executors.Protocol;

/// <summary>Reads frames, and says what is wrong with those that aren't any.</summary>
/// <remarks>Not by [JsonPolymorphic]: for a type that is unknown or not the first field it has no word of which field is wrong and what would be right.</remarks>
public static class FrameReader
{
    private static readonly Dictionary<string, JsonTypeInfo> ExecutorFrames = new()
    {
        ["register"] = FrameJson.Strict.RegisterFrame,
        ["output"] = FrameJson.Strict.OutputFrame,
        ["result"] = FrameJson.Strict.ResultFrame,
        ["heartbeat"] = FrameJson.Strict.HeartbeatFrame,
        ["drain"] = FrameJson.Strict.DrainFrame,
        ["leave"] = FrameJson.Strict.LeaveFrame,
    };

    private static readonly Dictionary<string, JsonTypeInfo> ServerFrames = new()
    {
        ["registered"] = FrameJson.Lenient.RegisteredFrame,
        ["run"] = FrameJson.Lenient.RunFrame,
        ["cancel"] = FrameJson.Lenient.CancelFrame,
        ["drain"] = FrameJson.Lenient.ServerDrainFrame,
        ["result_ack"] = FrameJson.Lenient.ResultAckFrame,
        ["error"] = FrameJson.Lenient.ErrorFrame,
    };

    /// <summary>What an executor said. A field that is not known is a fault.</summary>
    /// <exception cref="InvalidFrameException">It is no frame, or its values are not valid; names every bad field.</exception>
    public static ExecutorMessage ReadExecutorMessage(ReadOnlySpan<byte> utf8Json)
    {
        ExecutorFrame frame = (ExecutorFrame)Read(utf8Json, ExecutorFrames);
        ValidationFault[] faults = [.. frame.Faults()];
        return faults.Length == 0 ? frame.ToMessage() : throw Invalid(frame.Type, faults);
    }

    /// <summary>What a server said. Fields that are not known are passed over.</summary>
    /// <exception cref="InvalidFrameException">It is no frame.</exception>
    public static ServerMessage ReadServerMessage(ReadOnlySpan<byte> utf8Json) => ((ServerFrame)Read(utf8Json, ServerFrames)).ToMessage();

    /// <summary>An executor's first message, which must be that.</summary>
    /// <exception cref="InvalidFrameException">It is another.</exception>
    public static RegisterMessage First(ExecutorMessage message) => message as RegisterMessage ?? throw NotFirst("register", ExecutorFrame.Of(message).Type);

    /// <summary>A server's first message, which must be that.</summary>
    /// <exception cref="InvalidFrameException">It is another.</exception>
    public static RegisteredMessage First(ServerMessage message) => message as RegisteredMessage ?? throw NotFirst("registered", ServerFrame.Of(message).Type);

    private static InvalidFrameException NotFirst(string wanted, string type) => new($"the first frame must be {wanted}, was {type}");

    private static object Read(ReadOnlySpan<byte> utf8Json, Dictionary<string, JsonTypeInfo> frames)
    {
        if (!Utf8.IsValid(utf8Json))
        {
            throw new InvalidFrameException("the frame is not UTF-8 text");
        }

        string? type;
        try
        {
            type = TypeOf(utf8Json);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new InvalidFrameException("the frame is not valid JSON; it must be one object");
        }

        string known = string.Join(", ", frames.Keys);
        if (type is null)
        {
            throw new InvalidFrameException($"the frame has no type; it must be an object with a type, which is one of {known}");
        }

        if (!frames.TryGetValue(type, out JsonTypeInfo? info))
        {
            throw new InvalidFrameException($"there is no frame of type {QuotedText.Of(type)}; types: {known}");
        }

        try
        {
            return JsonSerializer.Deserialize(utf8Json, info)!;
        }
        catch (JsonException exception)
        {
            throw Explain(utf8Json, type, info, exception);
        }
    }

    /// <summary>The frame's type; null where it has none that is a text.</summary>
    private static string? TypeOf(ReadOnlySpan<byte> utf8Json)
    {
        Utf8JsonReader reader = new(utf8Json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isType = reader.ValueTextEquals("type"u8);
            reader.Read();
            if (isType)
            {
                return reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
            }

            reader.Skip();
        }

        return null;
    }

    /// <summary>The serializer stops at its first complaint; this goes through the JSON again and finds them all.</summary>
    private static InvalidFrameException Explain(ReadOnlySpan<byte> utf8Json, string type, JsonTypeInfo info, JsonException cause)
    {
        try
        {
            Utf8JsonReader reader = new(utf8Json);
            using JsonDocument json = JsonDocument.ParseValue(ref reader);
            List<ValidationFault> faults = TaskShape.CheckCharacters(json.RootElement);
            if (faults.Count == 0)
            {
                faults = TaskShape.Check(json.RootElement, info);
            }

            if (faults.Count > 0)
            {
                return Invalid(type, faults);
            }
        }
        catch (JsonException)
        {
            return new InvalidFrameException("the frame is not valid JSON; it must be one object");
        }

        return Invalid(type, [new ValidationFault(JsonFault.FieldOf(cause), "has no value that fits it")]);
    }

    private static InvalidFrameException Invalid(string type, IReadOnlyList<ValidationFault> faults) =>
        new([.. faults.Select(fault => fault with { Field = fault.Field.Length == 0 ? type : $"{type}.{fault.Field}" })]);
}
