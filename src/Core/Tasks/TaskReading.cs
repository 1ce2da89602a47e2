using System.Diagnostics.CodeAnalysis;

namespace Executor.Tasks;

/// <summary>What came of reading a task: a valid task, or everything that is wrong with it.</summary>
public sealed record TaskReading
{
    private TaskReading()
    {
    }

    /// <summary>Whether there is a task.</summary>
    [MemberNotNullWhen(true, nameof(Task))]
    public bool IsValid => Task is not null;

    /// <summary>The task; null when there are faults.</summary>
    public TaskSpec? Task { get; private init; }

    /// <summary>What is wrong; empty when there is a task.</summary>
    public IReadOnlyList<ValidationFault> Faults { get; private init; } = [];

    internal static TaskReading Of(TaskSpec task) => new() { Task = task };

    internal static TaskReading Refused(IReadOnlyList<ValidationFault> faults) => new() { Faults = faults };

    internal static TaskReading Refused(string field, string message) => Refused([new ValidationFault(field, message)]);
}
