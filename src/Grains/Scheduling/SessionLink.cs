using Executor.Executors;
using Executor.Scheduling;

namespace Executor.Grains.Scheduling;

/// <summary>The way from the engine to an executor behind a front.</summary>
/// <param name="session">The front's session.</param>
/// <param name="number">The front's number for the executor's connection.</param>
/// <param name="registration">The number of the call that registered it.</param>
internal sealed class SessionLink(FrontSession session, long number, long registration) : IExecutorLink
{
    private readonly TaskCompletionSource<IExecutorConnection?> _connected = new();

    /// <summary>The connection; null: the registration was refused.</summary>
    public Task<IExecutorConnection?> Connected => _connected.Task;

    /// <inheritdoc/>
    // Under the engine's lock: the answer goes out before anything that is given.
    public void Attach(IExecutorConnection connection)
    {
        session.Push(new RegisteredAnswer(registration, connection.Lease, connection.Stale));
        Attached = connection;
    }

    /// <summary>Lets those who wait for the connection have it: the registration is done, whatever came of it.</summary>
    public void Settle() => _connected.TrySetResult(Attached);

    /// <inheritdoc/>
    public void Run(TaskAssignment assignment) =>
        session.Push(new RunNews(number, assignment.Spec, assignment.Attempt, assignment.GpuDevices) { TraceParent = assignment.TraceParent });

    /// <inheritdoc/>
    public void Cancel(TaskAttempt task) => session.Push(new StopNews(number, task));

    /// <inheritdoc/>
    public void Drain() => session.Push(new DrainNews(number));

    /// <inheritdoc/>
    public void Close(string reason) => session.Push(new CloseNews(number, reason));

    private IExecutorConnection? Attached { get; set; }
}
