using Executor.Tasks;

namespace Executor.Scheduling;

/// <summary>What an executor must offer to be given a task, and what the task takes of it. Tasks with equal ones wait in one line.</summary>
public sealed record TaskRequirements
{
    /// <summary>The kind of runner; null: any.</summary>
    public RunnerKind? Runner { get; init; }

    /// <summary>The named code executor of the configuration; null: any.</summary>
    public string? CodeExecutor { get; init; }

    /// <summary>What the executor must have. Default none.</summary>
    public NameSet Capabilities { get; init; } = NameSet.Empty;

    /// <summary>What the task takes while it runs. Default one slot and nothing else.</summary>
    public ResourceAmounts Resources { get; init; } = new(Slots: 1, 0, 0, 0);

    /// <summary>One slot of any executor.</summary>
    public static TaskRequirements None { get; } = new();

    /// <summary>
    /// What a task asks for. A task without <see cref="TaskSpec.Resources"/> takes a slot and is not counted otherwise.
    /// </summary>
    public static TaskRequirements Of(TaskSpec task)
    {
        ResourceRequest? resources = task.Resources;
        if (task.Runner is null && task.Executor is null && resources is null && task.Capabilities is null or { Count: 0 })
        {
            return None;
        }

        return new TaskRequirements
        {
            Runner = task.Runner,
            CodeExecutor = task.Executor,
            Capabilities = NameSet.Of(task.Capabilities),
            Resources = resources is null
                ? None.Resources
                : new ResourceAmounts(
                    1, ResourceAmounts.Millis(resources.Cpus), int.Max(resources.MemoryMb ?? 0, 0), int.Max(resources.Gpus, 0)),
        };
    }
}
