using Executor.Executors;
using Executor.Scheduling;

namespace Executor.Grains.Scheduling;

/// <summary>The way from the engine to an executor behind a client.</summary>
/// <param name="client">The client's connection.</param>
/// <param name="admissions">Which connections of executors count.</param>
/// <param name="register">The call that registered it.</param>
/// <param name="call">That call's number.</param>
internal sealed class ClientExecutorLink(ClientConnection client, LatestAdmissions admissions, RegisterCall register, long call) : IExecutorLink
{
    private readonly TaskCompletionSource<IExecutorConnection?> _connected = new();

    /// <summary>The connection; null: the registration was refused.</summary>
    public Task<IExecutorConnection?> Connected => _connected.Task;

    /// <inheritdoc/>
    // Under the engine's lock: the answer goes out before anything that is given.
    public void Attach(IExecutorConnection connection)
    {
        client.Push(new RegisteredAnswer(call, connection.Lease, connection.Stale));
        Attached = connection;
    }

    /// <summary>Lets those who wait for the connection have it: the registration is done, whatever came of it.</summary>
    public void Settle() => _connected.TrySetResult(Attached);

    /// <inheritdoc/>
    public void Run(TaskAssignment assignment) =>
        client.Push(new RunEvent(register.Connection, assignment.Spec, assignment.Attempt, assignment.GpuDevices) { TraceParent = assignment.TraceParent });

    /// <inheritdoc/>
    public void Cancel(TaskAttempt task) => client.Push(new StopEvent(register.Connection, task));

    /// <inheritdoc/>
    public void Drain() => client.Push(new DrainEvent(register.Connection));

    /// <inheritdoc/>
    public void Close(string reason) => Close(reason, isReplaced: false);

    /// <inheritdoc/>
    public void Replace(string reason) => Close(reason, isReplaced: true);

    /// <summary>It is over: what is known of its admission is forgotten, unless there is a later one.</summary>
    public void Withdraw() => admissions.Withdraw(register.Registration.ExecutorId, register.Admission);

    private IExecutorConnection? Attached { get; set; }

    private void Close(string reason, bool isReplaced)
    {
        Withdraw();
        client.Push(new CloseEvent(register.Connection, reason, isReplaced));
    }
}
