using System.Text.Json.Serialization;
using Executor.Scheduling;
using Executor.Tasks;

namespace Executor.Executors;

/// <summary>An attempt for an executor to run.</summary>
/// <param name="Spec">What to run; it has its id.</param>
/// <param name="Attempt">Which attempt, from 1; to be named with everything that is said of it.</param>
/// <param name="GpuDevices">Numbers of the GPU devices that are the task's own while it runs.</param>
public sealed record TaskAssignment(TaskSpec Spec, int Attempt, IReadOnlyList<int> GpuDevices) : ServerMessage
{
    /// <summary>The W3C <c>traceparent</c> of the span in which the task was submitted; null: there was none, or the server has been started since.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The attempt.</summary>
    [JsonIgnore]
    public TaskAttempt Task => new(Spec.TaskId!, Attempt);
}
