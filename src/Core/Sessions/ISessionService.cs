using Executor.Execution;
using Executor.Tasks;

namespace Executor.Sessions;

/// <summary>Stateful interpreters. Safe to call from many threads.</summary>
/// <remarks>All methods throw <see cref="ServiceStoppingException"/> once the service stops.</remarks>
public interface ISessionService
{
    /// <summary>
    /// Opens a session and waits until its interpreter is ready and has executed <see cref="SessionSpec.Startup"/>. The same spec with the same id again
    /// answers the same session.
    /// </summary>
    /// <exception cref="InvalidInputException">The spec can't be accepted.</exception>
    /// <exception cref="SessionException">There is one of that id with another spec, there are too many, or its interpreter or startup code failed: there is no such session then.</exception>
    Task<SessionInfo> OpenAsync(SessionSpec spec, CancellationToken cancellationToken);

    /// <summary>A session as it is now; null: there is none of that id.</summary>
    Task<SessionInfo?> GetAsync(string sessionId, CancellationToken cancellationToken);

    /// <summary>All sessions, oldest first.</summary>
    Task<IReadOnlyList<SessionInfo>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Executes code and waits for its end. Who comes while other code is executed waits in line. Cancelling interrupts it.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="request">The code.</param>
    /// <param name="live">Receives output as it comes, up to <c>output_kb</c> of each stream; null: nobody watches.</param>
    /// <param name="cancellationToken">Interrupts it, or leaves the line.</param>
    /// <returns>What came of it; null: there is no session of that id.</returns>
    /// <exception cref="InvalidInputException">The request can't be accepted.</exception>
    /// <exception cref="SessionException">Its interpreter is gone (nothing was executed, or nobody knows how far it came), or too many wait in line.</exception>
    Task<SessionExecution?> ExecuteAsync(string sessionId, ExecuteRequest request, OutputReceiver? live, CancellationToken cancellationToken);

    /// <summary>Interrupts what is executed now; nothing when nothing is.</summary>
    /// <returns>Whether there is such a session.</returns>
    Task<bool> InterruptAsync(string sessionId, CancellationToken cancellationToken);

    /// <summary>Ends the interpreter, whatever it does, and begins another; files stay where the interpreter was not lost.</summary>
    /// <returns>The session; null: there is none of that id.</returns>
    /// <exception cref="SessionException">Another interpreter could not be started, or the startup code failed; the session is LOST.</exception>
    Task<SessionInfo?> RestartAsync(string sessionId, CancellationToken cancellationToken);

    /// <summary>Closes a session, whatever it does: its processes and files are gone when this returns.</summary>
    /// <returns>Whether there was such a session.</returns>
    Task<bool> CloseAsync(string sessionId, CancellationToken cancellationToken);
}
