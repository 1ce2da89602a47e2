using System.Text.Json;
using System.Text.Json.Serialization;
using Executor.Execution;
using Executor.Executors;
using Executor.Sessions;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Grains.Serialization;

/// <summary>
/// The JSON in which Core's records cross grain calls: the same as in the store, since texts must come out exactly as they went in,
/// and silos of different versions pass over what they don't know.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TaskSpec))]
[JsonSerializable(typeof(TaskResult))]
[JsonSerializable(typeof(TaskReceipt))]
[JsonSerializable(typeof(TaskFilter))]
[JsonSerializable(typeof(TaskPage))]
[JsonSerializable(typeof(CallbackPage))]
[JsonSerializable(typeof(StoredTask))]
[JsonSerializable(typeof(TaskOutput))]
[JsonSerializable(typeof(ExecutorRegistration))]
[JsonSerializable(typeof(ExecutorInfo))]
[JsonSerializable(typeof(RegisterMessage))]
[JsonSerializable(typeof(HeartbeatMessage))]
[JsonSerializable(typeof(OutputMessage))]
[JsonSerializable(typeof(ResultMessage))]
[JsonSerializable(typeof(DrainMessage))]
[JsonSerializable(typeof(LeaveMessage))]
[JsonSerializable(typeof(DisconnectedMessage))]
[JsonSerializable(typeof(RegisteredMessage))]
[JsonSerializable(typeof(TaskAssignment))]
[JsonSerializable(typeof(CancelMessage))]
[JsonSerializable(typeof(DrainedMessage))]
[JsonSerializable(typeof(AcknowledgedMessage))]
[JsonSerializable(typeof(ClosedMessage))]
[JsonSerializable(typeof(ExecutionMetrics))]
[JsonSerializable(typeof(JobRecord))]
[JsonSerializable(typeof(SessionSpec))]
[JsonSerializable(typeof(SessionInfo))]
[JsonSerializable(typeof(ExecuteRequest))]
[JsonSerializable(typeof(SessionExecution))]
[JsonSerializable(typeof(TaskError))]
[JsonSerializable(typeof(ValidationFault))]
internal sealed partial class ClusterJson : JsonSerializerContext
{
    /// <summary>What to serialize with.</summary>
    public static ClusterJson Wire { get; } = new(new JsonSerializerOptions(StoredJson.Context.Options));

    /// <summary>Whether grain calls carry a type as JSON.</summary>
    public static bool Carries(Type type) => Types.Contains(type) || type.IsAssignableTo(typeof(ExecutorMessage)) || type.IsAssignableTo(typeof(ServerMessage));

    private static HashSet<Type> Types { get; } =
    [
        typeof(TaskSpec), typeof(TaskResult), typeof(TaskReceipt), typeof(TaskFilter), typeof(TaskPage), typeof(CallbackPage), typeof(StoredTask), typeof(TaskOutput),
        typeof(ExecutorRegistration), typeof(ExecutorInfo), typeof(ExecutionMetrics), typeof(JobRecord), typeof(ValidationFault),
        typeof(SessionSpec), typeof(SessionInfo), typeof(ExecuteRequest), typeof(SessionExecution), typeof(TaskError),
    ];
}
