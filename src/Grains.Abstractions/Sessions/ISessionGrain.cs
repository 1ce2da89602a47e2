using Executor.Sessions;

namespace Executor.Grains.Sessions;

/// <summary>
/// A session. Its interpreter lives on the silo where the grain is, and ends with it: the next activation finds the session LOST. Calls that wait
/// do so for a few seconds at most, and are repeated. Key: <see cref="GrainKeys.Session"/>.
/// </summary>
[Alias("executor.session")]
public interface ISessionGrain : IGrainWithStringKey
{
    /// <summary>Begins to open it, or joins: the same spec again changes nothing. Then <see cref="SettleAsync"/> tells when it is ready.</summary>
    [Alias("open")]
    Task<SessionPlacing> OpenAsync(SessionSpec spec);

    /// <summary>Begins to end its interpreter, whatever it does, and to start another, which <see cref="SettleAsync"/> waits for.</summary>
    [Alias("restart")]
    Task<SessionPlacing> RestartAsync();

    /// <summary>Waits until it is not STARTING any more, for a few seconds. What failed to start for the first time is forgotten.</summary>
    /// <returns>The session, which may be STARTING still; null: there is none.</returns>
    /// <exception cref="Scheduling.CallFaultException">It could not be started.</exception>
    [Alias("settle")]
    Task<SessionInfo?> SettleAsync();

    /// <summary>The session as it is now; null: there is none.</summary>
    [Alias("get")]
    Task<SessionInfo?> GetAsync();

    /// <summary>Begins to execute code, or joins the execution of that id, and waits for its first update as <see cref="FollowAsync"/> does.</summary>
    /// <param name="execution">Chosen by who asks, so that what is said twice is done once.</param>
    /// <param name="request">The code.</param>
    /// <param name="isWatched">Whether output is told as it comes; otherwise only the end is.</param>
    /// <returns>Null: there is no such session.</returns>
    [Alias("execute")]
    Task<ExecutionUpdate?> ExecuteAsync(Guid execution, ExecuteRequest request, bool isWatched);

    /// <summary>Waits for an update of an execution, for a few seconds.</summary>
    /// <param name="execution">The execution.</param>
    /// <param name="seen">How many pieces of output have been seen.</param>
    /// <returns>What is new, which may be nothing; null: there is no such execution.</returns>
    [Alias("follow")]
    Task<ExecutionUpdate?> FollowAsync(Guid execution, int seen);

    /// <summary>Nobody waits for an execution any more: it is interrupted if it has not ended, and forgotten.</summary>
    [Alias("leave")]
    Task LeaveAsync(Guid execution);

    /// <summary>See <see cref="ISessionService.InterruptAsync"/>.</summary>
    [Alias("interrupt")]
    Task<bool> InterruptAsync();

    /// <summary>See <see cref="ISessionService.CloseAsync"/>.</summary>
    [Alias("close")]
    Task<bool> CloseAsync();

    /// <summary>Closes it if nothing was executed for too long, also when it is LOST.</summary>
    /// <returns>Whether it is still there.</returns>
    [Alias("tidy")]
    Task<bool> TidyAsync();
}
