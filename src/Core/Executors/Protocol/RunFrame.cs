using Executor.Tasks;

namespace Executor.Executors.Protocol;

/// <summary>An attempt to run.</summary>
public sealed record RunFrame : ServerFrame
{
    /// <summary>What to run; it has its <c>task_id</c>.</summary>
    public required TaskSpec Task { get; init; }

    /// <summary>Which attempt, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>Numbers of the GPU devices that are the task's own while it runs. Default none.</summary>
    public IReadOnlyList<int> GpuDevices { get; set; } = []; // settable: the JSON source generator resets an init-only member that the JSON does not name

    /// <inheritdoc/>
    public override string Type => "run";

    /// <summary>An assignment as a frame.</summary>
    public static RunFrame Of(TaskAssignment assignment) =>
        new() { Task = assignment.Spec, Attempt = assignment.Attempt, GpuDevices = assignment.GpuDevices };

    /// <summary>The assignment.</summary>
    public TaskAssignment ToAssignment() => new(Task, Attempt, GpuDevices);
}
