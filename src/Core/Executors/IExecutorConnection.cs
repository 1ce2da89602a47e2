using Executor.Scheduling;
using Executor.Tasks;

namespace Executor.Executors;

/// <summary>The way from a registered executor to the scheduler. Safe to call from many threads.</summary>
public interface IExecutorConnection
{
    /// <summary>How long the executor may be silent before it and what it runs are lost; null: for ever.</summary>
    TimeSpan? Lease { get; }

    /// <summary>Attempts that it said it runs and that are no longer its own: to be stopped.</summary>
    IReadOnlyList<TaskAttempt> Stale { get; }

    /// <summary>Renews the lease of the executor and of the attempts it names.</summary>
    /// <returns>Attempts that are no longer its own, to be stopped; null: it is not registered any more and is to register again.</returns>
    IReadOnlyList<TaskAttempt>? Heartbeat(IReadOnlyList<TaskAttempt> running);

    /// <summary>
    /// Hands on a piece of an attempt's output, in order within a stream; a slow taker slows the program down. That of an attempt which
    /// is no longer its own is passed over. The memory is only read during the call.
    /// </summary>
    ValueTask OutputAsync(TaskAttempt task, OutputStream stream, ReadOnlyMemory<byte> data, CancellationToken cancellationToken);

    /// <summary>Reports the end of an attempt. When this returns the result is stored, or refused for good.</summary>
    /// <returns>Whether it was taken; false: the attempt was no longer its own.</returns>
    Task<bool> ReportAsync(TaskAttempt task, TaskResult result);

    /// <summary>Gives it nothing more; what it runs goes on.</summary>
    void Drain();

    /// <summary>
    /// Says that the connection broke: nothing more is given, and what it runs is kept for it until its lease runs out. With no lease
    /// all of it is lost at once.
    /// </summary>
    void Disconnected();

    /// <summary>Takes the executor out for good; what it still runs goes elsewhere.</summary>
    void Leave();
}
