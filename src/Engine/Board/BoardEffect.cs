using Executor.Scheduling;
using Executor.Tasks;

namespace Executor.Engine.Board;

/// <summary>Something that is to be done after an event, outside the lock. Closed: the cases below are all there are.</summary>
internal abstract record BoardEffect
{
    private protected BoardEffect()
    {
    }
}

/// <summary>Tell an executor to run an attempt of a task whose <see cref="BoardTask.Spec"/> is there, and note that it runs.</summary>
/// <param name="Task">The task.</param>
/// <param name="Attempt">Which attempt.</param>
/// <param name="Executor">The executor.</param>
/// <param name="GpuDevices">GPU devices that are its own meanwhile.</param>
/// <param name="StartedAt">When it was given.</param>
/// <param name="IsAdopted">Whether the executor had it before this board was made, so that the beginning of its output is not known.</param>
internal sealed record RunAttempt(
    BoardTask Task, int Attempt, BoardExecutor Executor, IReadOnlyList<int> GpuDevices, DateTimeOffset StartedAt, bool IsAdopted = false) : BoardEffect;

/// <summary>Read what these are to run from the store, then tell <see cref="AttemptEvents.SpecsRead"/>.</summary>
internal sealed record ReadSpecs(IReadOnlyList<RunAttempt> Runs) : BoardEffect;

/// <summary>Tell an executor to stop an attempt.</summary>
internal sealed record StopAttempt(BoardExecutor Executor, TaskAttempt Attempt) : BoardEffect;

/// <summary>Look for a result of the same work, then tell <see cref="AttemptEvents.CacheAnswered"/>.</summary>
internal sealed record LookUpCache(BoardTask Task) : BoardEffect;

/// <summary>Store a task's end, then tell <see cref="AttemptEvents.EndStored"/>.</summary>
/// <param name="Task">The task.</param>
/// <param name="Result">Its result. Without the name and details of a task whose <see cref="BoardTask.Spec"/> is not there.</param>
/// <param name="IsReport">Whether it is the result of the current attempt; else the task ends whatever its attempt.</param>
internal sealed record StoreEnd(BoardTask Task, TaskResult Result, bool IsReport) : BoardEffect;

/// <summary>Store that an attempt is followed by another, then tell <see cref="AttemptEvents.RequeueStored"/>.</summary>
/// <param name="Task">The task.</param>
/// <param name="After">Its life after it; the attempt that ended is the one before.</param>
/// <param name="Reported">What the attempt came to; null: nobody reported.</param>
internal sealed record StoreRequeue(BoardTask Task, TaskLifecycle After, TaskResult? Reported) : BoardEffect;

/// <summary>Store that somebody asked for the task's end, so that a restart doesn't run it again.</summary>
internal sealed record StoreCancelRequest(BoardTask Task) : BoardEffect;

/// <summary>Tell whoever waits for the task: its end is stored.</summary>
internal sealed record AnnounceEnd(BoardTask Task, TaskResult Result) : BoardEffect;

/// <summary>Store that an executor is registered.</summary>
internal sealed record SaveExecutor(BoardExecutor Executor) : BoardEffect;

/// <summary>Remove an executor from the store, unless it is registered again.</summary>
internal sealed record ForgetExecutor(string ExecutorId) : BoardEffect;

/// <summary>Close the link of an executor whose lease has run out.</summary>
/// <param name="Executor">The executor.</param>
/// <param name="Tasks">How many tasks it had.</param>
internal sealed record CloseLostExecutor(BoardExecutor Executor, int Tasks) : BoardEffect;

/// <summary>Say that an executor is put in quarantine, or, when its status tells so, that it is let out.</summary>
internal sealed record TellQuarantine(BoardExecutor Executor) : BoardEffect;

/// <summary>Close the link of an executor whose id another one has registered with.</summary>
internal sealed record CloseReplacedExecutor(BoardExecutor Executor) : BoardEffect;

/// <summary>Tell an executor that it gets nothing more.</summary>
internal sealed record TellDrain(BoardExecutor Executor) : BoardEffect;
