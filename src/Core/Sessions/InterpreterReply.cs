using System.Text.Json;
using Executor.Limits;
using Executor.Tasks;

namespace Executor.Sessions;

/// <summary>How an execution ended.</summary>
public sealed record InterpreterReply
{
    /// <summary>The last expression's value, where that is JSON; else null.</summary>
    public JsonElement? Result { get; init; }

    /// <summary>The last expression's value as the language shows it; null: there is none, or it is nothing.</summary>
    public string? ResultText { get; init; }

    /// <summary>Why it did not succeed; null when it did.</summary>
    public TaskError? Error { get; init; }

    /// <summary>Whether its time was up.</summary>
    public bool TimedOut { get; init; }

    /// <summary>Whether <see cref="IInterpreter.InterruptAsync"/> or cancelling ended it.</summary>
    public bool Interrupted { get; init; }

    /// <summary>Whether the memory limit ended it.</summary>
    public bool OomKilled { get; init; }

    /// <summary>Whether the interpreter ended with it; there is another one now.</summary>
    public bool Restarted { get; init; }
}

/// <summary>Where an interpreter is.</summary>
/// <param name="RuntimeId">Its runtime.</param>
/// <param name="ExecutorType">The kind of runner.</param>
/// <param name="ConfigId">The named code executor.</param>
/// <param name="Limits">What holds for it.</param>
/// <param name="Timeout">Wall-clock time of an execution that does not say.</param>
public sealed record InterpreterPlace(string RuntimeId, RunnerKind ExecutorType, string ConfigId, EffectiveLimits Limits, TimeSpan Timeout);
