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

    /// <summary>A task that was read, and is valid.</summary>
    public static TaskReading Of(TaskSpec task) => new() { Task = task };

    /// <summary>No task.</summary>
    /// <param name="faults">What is wrong; at least one.</param>
    public static TaskReading Refused(IReadOnlyList<ValidationFault> faults) => new() { Faults = faults };

    /// <summary>No task, for one reason.</summary>
    /// <param name="field">The field by its wire name; empty: the whole.</param>
    /// <param name="message">What is wrong, and what would be right.</param>
    public static TaskReading Refused(string field, string message) => Refused([new ValidationFault(field, message)]);
}
