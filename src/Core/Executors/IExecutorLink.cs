using Executor.Scheduling;

namespace Executor.Executors;

/// <summary>
/// The way from the scheduler to an executor: in this process, or behind a connection. Calls return at once, don't throw, and may
/// come from any thread; a link that broke drops them, for the executor's lease tells.
/// </summary>
public interface IExecutorLink
{
    /// <summary>
    /// Says where the executor's reports go. The first call, made while the scheduler holds its lock: nothing may be asked of the
    /// connection before it returns.
    /// </summary>
    void Attach(IExecutorConnection connection);

    /// <summary>Runs an attempt; its end is told by <see cref="IExecutorConnection.ReportAsync"/>.</summary>
    void Run(TaskAssignment assignment);

    /// <summary>Stops an attempt, and reports its result all the same. One it does not run is passed over.</summary>
    void Cancel(TaskAttempt task);

    /// <summary>Says that nothing more will be given.</summary>
    void Drain();

    /// <summary>Closes the link: the executor was found lost, or the server stops. It may register again.</summary>
    /// <param name="reason">What to tell the other side.</param>
    void Close(string reason);

    /// <summary>
    /// Closes the link since another executor has registered with its id. It is not to register again, where it can be told: two of one id would
    /// throw each other out for ever.
    /// </summary>
    /// <param name="reason">What to tell the other side.</param>
    void Replace(string reason) => Close(reason);
}
