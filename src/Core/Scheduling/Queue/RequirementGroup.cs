using Executor.Tasks;

namespace Executor.Scheduling;

/// <summary>The lines whose tasks may be given to the same executors, amounts apart.</summary>
internal sealed class RequirementGroup(RequirementGroup.Eligibility key, StepCounter counter)
{
    public Eligibility Key { get; } = key;

    /// <summary>The lines that are not empty, in the order of their heads.</summary>
    public FirstFitTree<WaitingOrder, WaitingLine> Lines { get; } = new(counter);

    /// <summary>Executors that may be given its tasks.</summary>
    public HashSet<ExecutorPool> Pools { get; } = [];

    /// <summary>Its lines, the empty ones with delayed tasks included.</summary>
    public int LineCount { get; set; }

    /// <summary>The last round of assigning that looked at it.</summary>
    public long Round { get; set; }

    /// <summary>What decides whether an executor may be given a task, amounts apart.</summary>
    internal readonly record struct Eligibility(RunnerKind? Runner, string? CodeExecutor, NameSet Capabilities)
    {
        public static Eligibility Of(TaskRequirements requirements) =>
            new(requirements.Runner, requirements.CodeExecutor, requirements.Capabilities);
    }
}
