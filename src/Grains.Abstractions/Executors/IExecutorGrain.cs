using Executor.Executors;
using Executor.Grains.Scheduling;
using Executor.Storage;

namespace Executor.Grains.Executors;

/// <summary>
/// Who an executor is, on whichever silo it is connected: which of its connections is the one that counts, and whether an operator
/// has drained it. It is asked when an executor comes and when it leaves and told once in a while that it lives; tasks go past it.
/// Key: <see cref="GrainKeys.Executor"/>.
/// </summary>
/// <remarks>
/// What it knows is stored, until the executor leaves or nothing has been heard of it for a day. All calls may be repeated without harm.
/// Each throws <see cref="CallFaultException"/> of a <see cref="StorageException"/> where the store fails; where that is transient,
/// trying again later is enough.
/// </remarks>
[Alias("executor.executor")]
public interface IExecutorGrain : IGrainWithStringKey
{
    /// <summary>Lets a connection of the executor in; those before it no longer count.</summary>
    /// <param name="registration">What the executor says of itself; valid.</param>
    /// <param name="silo">The silo that it is connected to; null: another process.</param>
    [ResponseTimeout("00:00:05")]
    [Alias("register")]
    Task<ExecutorAdmission> RegisterAsync(ExecutorRegistration registration, string? silo);

    /// <summary>Says that the executor lives.</summary>
    /// <param name="connection">The number of its connection.</param>
    /// <returns>How it is admitted now; null: that connection does not count any more.</returns>
    [ResponseTimeout("00:00:05")]
    [Alias("note")]
    Task<ExecutorAdmission?> NoteAsync(long connection);

    /// <summary>Drains the executor until it leaves, wherever it connects.</summary>
    /// <returns>Whether it is known.</returns>
    [ResponseTimeout("00:00:05")]
    [Alias("drain")]
    Task<bool> DrainAsync();

    /// <summary>Forgets the executor: it has gone for good.</summary>
    /// <param name="connection">The number of the connection by which it says so; an earlier one's word does not count.</param>
    /// <returns>Whether it counted.</returns>
    [ResponseTimeout("00:00:05")]
    [Alias("leave")]
    Task<bool> LeaveAsync(long connection);

    /// <summary>What is known of the executor; null: nothing.</summary>
    [ResponseTimeout("00:00:05")]
    [Alias("get")]
    Task<KnownExecutor?> GetAsync();

    /// <summary>Stores when the executor was last heard of, where that is only in memory, or forgets it when it was a day ago.</summary>
    /// <returns>Whether it is known still.</returns>
    [ResponseTimeout("00:00:05")]
    [Alias("tidy")]
    Task<bool> TidyAsync();
}
