using Executor.Execution;
using Executor.Executors;
using Executor.Grains.Serialization;
using Executor.Scheduling;
using Executor.Tasks;

namespace Executor.Grains.Scheduling;

/// <summary>What the scheduler has for a client, in order.</summary>
[GenerateSerializer, Immutable, Alias("executor.event-batch")]
public sealed record EventBatch([property: Id(0)] ConnectionStatus Status, [property: Id(1)] Payload<IReadOnlyList<NumberedEvent>> Events);

/// <summary>An event with its place in the connection.</summary>
[GenerateSerializer, Immutable, Alias("executor.numbered-event")]
public readonly record struct NumberedEvent([property: Id(0)] long Number, [property: Id(1)] SchedulerEvent Event);

/// <summary>Something the scheduler tells a client.</summary>
[GenerateSerializer, Immutable, Alias("executor.event")]
public abstract record SchedulerEvent;

/// <summary>Run an attempt.</summary>
[GenerateSerializer, Immutable, Alias("executor.event.run")]
public sealed record RunEvent(
    [property: Id(0)] long Connection,
    [property: Id(1)] TaskSpec Spec,
    [property: Id(2)] int Attempt,
    [property: Id(3)] IReadOnlyList<int> GpuDevices) : SchedulerEvent
{
    /// <summary>See <see cref="TaskAssignment.TraceParent"/>.</summary>
    [Id(4)]
    public string? TraceParent { get; init; }
}

/// <summary>Stop an attempt.</summary>
[GenerateSerializer, Immutable, Alias("executor.event.stop")]
public sealed record StopEvent([property: Id(0)] long Connection, [property: Id(1)] TaskAttempt Task) : SchedulerEvent;

/// <summary>Nothing more will be given.</summary>
[GenerateSerializer, Immutable, Alias("executor.event.drain")]
public sealed record DrainEvent([property: Id(0)] long Connection) : SchedulerEvent;

/// <summary>The executor's connection is closed.</summary>
[GenerateSerializer, Immutable, Alias("executor.event.close")]
public sealed record CloseEvent([property: Id(0)] long Connection, [property: Id(1)] string Reason, [property: Id(2)] bool IsReplaced = false) : SchedulerEvent;

/// <summary>The answer to a call.</summary>
/// <param name="Call">The call's number.</param>
[GenerateSerializer, Immutable, Alias("executor.answer")]
public abstract record Answer([property: Id(0)] long Call) : SchedulerEvent;

/// <summary>Receipts for submitted tasks.</summary>
[GenerateSerializer, Immutable, Alias("executor.answer.submit")]
public sealed record SubmitAnswer(long Call, [property: Id(0)] IReadOnlyList<TaskReceipt> Receipts) : Answer(Call);

/// <summary>A task's result; null: there is no such task.</summary>
[GenerateSerializer, Immutable, Alias("executor.answer.result")]
public sealed record ResultAnswer(long Call, [property: Id(0)] TaskResult? Result) : Answer(Call);

/// <summary>The executors.</summary>
[GenerateSerializer, Immutable, Alias("executor.answer.executors")]
public sealed record ExecutorsAnswer(long Call, [property: Id(0)] IReadOnlyList<ExecutorInfo> Executors) : Answer(Call);

/// <summary>Yes or no.</summary>
[GenerateSerializer, Immutable, Alias("executor.answer.truth")]
public sealed record TruthAnswer(long Call, [property: Id(0)] bool IsTrue) : Answer(Call);

/// <summary>The executor is registered.</summary>
/// <param name="Call">The call's number.</param>
/// <param name="Lease">How long it may be silent.</param>
/// <param name="Stale">What of that which it said it runs is no longer its own.</param>
[GenerateSerializer, Immutable, Alias("executor.answer.registered")]
public sealed record RegisteredAnswer(
    long Call, [property: Id(0)] TimeSpan? Lease, [property: Id(1)] IReadOnlyList<TaskAttempt> Stale) : Answer(Call);

/// <summary>A heartbeat was heard.</summary>
/// <param name="Call">The call's number.</param>
/// <param name="Connection">Whose it was.</param>
/// <param name="Stale">What is no longer the executor's own; null: it is not registered any more.</param>
[GenerateSerializer, Immutable, Alias("executor.answer.heartbeat")]
public sealed record HeartbeatAnswer(
    long Call, [property: Id(0)] long Connection, [property: Id(1)] IReadOnlyList<TaskAttempt>? Stale) : Answer(Call);

/// <summary>The call was refused, or could not be done.</summary>
[GenerateSerializer, Immutable, Alias("executor.answer.fault")]
public sealed record FaultAnswer(long Call, [property: Id(0)] CallFault Fault) : Answer(Call);
