using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Executor.Tasks;

namespace Executor.Executors.Protocol;

/// <summary>Frames as JSON, in the form of <see cref="ExecutorJson"/>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(RegisterFrame))]
[JsonSerializable(typeof(ExecutorFrame.OutputFrame))]
[JsonSerializable(typeof(ExecutorFrame.ResultFrame))]
[JsonSerializable(typeof(ExecutorFrame.HeartbeatFrame))]
[JsonSerializable(typeof(ExecutorFrame.DrainFrame))]
[JsonSerializable(typeof(ExecutorFrame.LeaveFrame))]
[JsonSerializable(typeof(ServerFrame.RegisteredFrame))]
[JsonSerializable(typeof(ServerFrame.RunFrame))]
[JsonSerializable(typeof(ServerFrame.CancelFrame))]
[JsonSerializable(typeof(ServerFrame.ServerDrainFrame))]
[JsonSerializable(typeof(ServerFrame.ResultAckFrame))]
[JsonSerializable(typeof(ServerFrame.ErrorFrame))]
internal sealed partial class FrameJson : JsonSerializerContext
{
    /// <summary>Written readably, read strictly: for what executors say, whose authors want to hear of a misspelt field.</summary>
    public static FrameJson Strict => field ??= new FrameJson(With(JsonUnmappedMemberHandling.Disallow));

    /// <summary>Read leniently: for what a server says, which may be newer than the executor.</summary>
    public static FrameJson Lenient => field ??= new FrameJson(With(JsonUnmappedMemberHandling.Skip));

    private static JsonSerializerOptions With(JsonUnmappedMemberHandling unknownFields) => new(Default.Options)
    {
        AllowDuplicateProperties = false,
        UnmappedMemberHandling = unknownFields,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters =
        {
            // A number is no name; the types' own converters take it for one.
            new JsonStringEnumConverter<OutputStream>(allowIntegerValues: false),
            new JsonStringEnumConverter<RunnerKind>(allowIntegerValues: false),
            new JsonStringEnumConverter<TaskFileEncoding>(allowIntegerValues: false),
            new JsonStringEnumConverter<ExecutionStatus>(allowIntegerValues: false),
        },
    };
}
