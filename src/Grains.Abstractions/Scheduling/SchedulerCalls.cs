using Executor.Executors;
using Executor.Grains.Executors;
using Executor.Scheduling;
using Executor.Tasks;

namespace Executor.Grains.Scheduling;

/// <summary>Something that a client asks of the scheduler or tells it.</summary>
[GenerateSerializer, Immutable, Alias("executor.call")]
public abstract record SchedulerCall;

/// <summary>Takes tasks, each with its id; answered by <see cref="SubmitAnswer"/>.</summary>
[GenerateSerializer, Immutable, Alias("executor.call.submit")]
public sealed record SubmitCall([property: Id(0)] IReadOnlyList<TaskSpec> Tasks) : SchedulerCall
{
    /// <summary>The W3C <c>traceparent</c> of the span in which they were submitted; null: there was none.</summary>
    [Id(1)]
    public string? TraceParent { get; init; }
}

/// <summary>Waits for a task's end; answered by <see cref="ResultAnswer"/>.</summary>
[GenerateSerializer, Immutable, Alias("executor.call.wait")]
public sealed record WaitCall([property: Id(0)] string TaskId) : SchedulerCall;

/// <summary>Asks for the executors; answered by <see cref="ExecutorsAnswer"/>.</summary>
[GenerateSerializer, Immutable, Alias("executor.call.executors")]
public sealed record ExecutorsCall : SchedulerCall;

/// <summary>Gives an executor nothing more; answered by <see cref="TruthAnswer"/>: whether there is one.</summary>
[GenerateSerializer, Immutable, Alias("executor.call.drain-executor")]
public sealed record DrainExecutorCall([property: Id(0)] string ExecutorId) : SchedulerCall;

/// <summary>Registers an executor; answered by <see cref="RegisteredAnswer"/>.</summary>
/// <param name="Connection">The client's own number for it.</param>
/// <param name="Registration">What it says of itself.</param>
/// <param name="Running">What it runs.</param>
/// <param name="Admission">The number by which <see cref="IExecutorGrain"/> let it in; 0: none did.</param>
/// <param name="IsDrained">Whether it is to be given nothing.</param>
[GenerateSerializer, Immutable, Alias("executor.call.register")]
public sealed record RegisterCall(
    [property: Id(0)] long Connection,
    [property: Id(1)] ExecutorRegistration Registration,
    [property: Id(2)] IReadOnlyList<TaskAttempt> Running,
    [property: Id(3)] long Admission = 0,
    [property: Id(4)] bool IsDrained = false) : SchedulerCall;

/// <summary>An executor lives, and runs these; answered by <see cref="HeartbeatAnswer"/>.</summary>
[GenerateSerializer, Immutable, Alias("executor.call.heartbeat")]
public sealed record HeartbeatCall([property: Id(0)] long Connection, [property: Id(1)] IReadOnlyList<TaskAttempt> Running) : SchedulerCall;

/// <summary>A piece of an attempt's output; not answered.</summary>
[GenerateSerializer, Immutable, Alias("executor.call.output")]
public sealed record OutputCall(
    [property: Id(0)] long Connection,
    [property: Id(1)] TaskAttempt Task,
    [property: Id(2)] OutputStream Stream,
    [property: Id(3)] byte[] Data) : SchedulerCall;

/// <summary>An attempt's end; answered by <see cref="TruthAnswer"/>: whether it was taken.</summary>
[GenerateSerializer, Immutable, Alias("executor.call.report")]
public sealed record ReportCall(
    [property: Id(0)] long Connection,
    [property: Id(1)] TaskAttempt Task,
    [property: Id(2)] TaskResult Result) : SchedulerCall;

/// <summary>An executor's connection changes; not answered.</summary>
[GenerateSerializer, Immutable, Alias("executor.call.connection")]
public sealed record ConnectionCall([property: Id(0)] long Connection, [property: Id(1)] ConnectionChange Change) : SchedulerCall;

/// <summary>What becomes of an executor's connection.</summary>
[GenerateSerializer]
public enum ConnectionChange
{
    /// <summary>It is to be given nothing more.</summary>
    Drain,

    /// <summary>It broke.</summary>
    Disconnected,

    /// <summary>The executor has gone for good.</summary>
    Leave,
}
