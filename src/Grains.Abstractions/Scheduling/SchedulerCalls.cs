using Executor.Executors;
using Executor.Grains.Executors;
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

/// <summary>Registers an executor; answered by <see cref="TruthAnswer"/> behind <see cref="RegisteredMessage"/>.</summary>
/// <param name="Connection">The client's own number for it.</param>
/// <param name="Register">Who it is, and what it runs.</param>
/// <param name="Admission">The number by which <see cref="IExecutorGrain"/> let it in; 0: none did.</param>
[GenerateSerializer, Immutable, Alias("executor.call.register")]
public sealed record RegisterCall(
    [property: Id(0)] long Connection, [property: Id(1)] RegisterMessage Register, [property: Id(2)] long Admission = 0) : SchedulerCall;

/// <summary>Something that a registered executor says; what is answered to it comes as an <see cref="ExecutorEvent"/>.</summary>
/// <param name="Connection">The client's own number for it.</param>
/// <param name="Message">What it says.</param>
[GenerateSerializer, Immutable, Alias("executor.call.executor")]
public sealed record ExecutorCall([property: Id(0)] long Connection, [property: Id(1)] ExecutorMessage Message) : SchedulerCall;
