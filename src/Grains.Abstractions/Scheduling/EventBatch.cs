using Executor.Execution;
using Executor.Executors;
using Executor.Grains.Serialization;
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

/// <summary>Something that is said to an executor.</summary>
/// <param name="Connection">The client's own number for it.</param>
/// <param name="Message">What is said.</param>
[GenerateSerializer, Immutable, Alias("executor.event.executor")]
public sealed record ExecutorEvent([property: Id(0)] long Connection, [property: Id(1)] ServerMessage Message) : SchedulerEvent;

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

/// <summary>The call was refused, or could not be done.</summary>
[GenerateSerializer, Immutable, Alias("executor.answer.fault")]
public sealed record FaultAnswer(long Call, [property: Id(0)] CallFault Fault) : Answer(Call);
