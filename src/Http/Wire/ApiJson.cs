using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Executor.Sessions;
using Executor.Tasks;

namespace Executor.Http.Wire;

/// <summary>
/// The JSON of the HTTP API, for servers and clients alike: that of <see cref="ExecutorJson"/>, but fields that are not known are passed
/// over, so that a client understands a newer server. What a server is sent is read more strictly.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TaskSpec))]
[JsonSerializable(typeof(TaskSpec[]))]
[JsonSerializable(typeof(TaskResult))]
[JsonSerializable(typeof(SubmitReceipt))]
[JsonSerializable(typeof(BatchReceipt))]
[JsonSerializable(typeof(TaskDetail))]
[JsonSerializable(typeof(TaskList))]
[JsonSerializable(typeof(CallbackList))]
[JsonSerializable(typeof(OutputPiece))]
[JsonSerializable(typeof(ExecutorDetail))]
[JsonSerializable(typeof(ExecutorList))]
[JsonSerializable(typeof(JobRequest))]
[JsonSerializable(typeof(JobDetail))]
[JsonSerializable(typeof(JobList))]
[JsonSerializable(typeof(SessionSpec))]
[JsonSerializable(typeof(SessionInfo))]
[JsonSerializable(typeof(SessionList))]
[JsonSerializable(typeof(SessionReadyAnswer))]
[JsonSerializable(typeof(ExecuteRequest))]
[JsonSerializable(typeof(SessionExecution))]
[JsonSerializable(typeof(ServiceMetrics))]
[JsonSerializable(typeof(HealthAnswer))]
[JsonSerializable(typeof(ReadyAnswer))]
[JsonSerializable(typeof(Problem))]
public sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>The shared instance: text is written readably (only what JSON itself must escape is escaped).</summary>
    public static ApiJson Wire => field ??= new ApiJson(new JsonSerializerOptions(Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
