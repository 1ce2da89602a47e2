namespace Executor.Executors.Conversation;

/// <summary>
/// An executor as the server's side has it, on one connection, whatever carries the messages: registers it where executors register, hands on
/// what it says once, and what is said to it. Safe to call from many threads.
/// </summary>
/// <param name="register">What it said first.</param>
/// <param name="earlier">What an earlier connection of it held; null: there was none, or that was elsewhere.</param>
/// <param name="send">Sends it a message. Returns at once and does not throw.</param>
public sealed class ExecutorPeer(RegisterMessage register, HeldAttempts? earlier, Action<ServerMessage> send) : IExecutorLink
{
    // Without asynchronous continuations: what waits for it goes on in the order in which it came.
    private readonly TaskCompletionSource<IExecutorConnection?> _registered = new();
    private IExecutorConnection? _connection;

    /// <summary>What it was given, for a later connection of it.</summary>
    public HeldAttempts Held { get; } = new();

    /// <summary>Registers it. What it says meanwhile waits for this, and is passed over if it fails.</summary>
    /// <exception cref="Executor.Tasks.InvalidInputException">The registration is not valid; names every bad field.</exception>
    public async Task RegisterAsync(IExecutorGateway gateway, CancellationToken cancellationToken)
    {
        try
        {
            await gateway.RegisterAsync(register, this, cancellationToken);
        }
        finally
        {
            _registered.TrySetResult(_connection);
        }
    }

    /// <inheritdoc/>
    public void Attach(IExecutorConnection connection) => _connection = connection;

    /// <inheritdoc/>
    public void Send(ServerMessage message)
    {
        switch (message)
        {
            case RegisteredMessage registered:
                message = registered with { Received = Held.Continue(earlier, register.Running.Except(registered.Stale)) };
                break;
            case TaskAssignment run:
                Held.Add(run.Task);
                break;
            case AcknowledgedMessage acknowledged:
                Held.Remove(acknowledged.Task);
                break;
            case CancelMessage { IsLost: true } lost:
                Held.Remove(lost.Task);
                break;
        }

        send(message);
    }

    /// <summary>Takes what it says; to be called in its order. Begins at once, and ends as <see cref="IExecutorConnection.SendAsync"/> does.</summary>
    public Task TakeAsync(ExecutorMessage message) =>
        _registered.Task.IsCompletedSuccessfully ? HandOnAsync(_registered.Task.Result, message) : WaitAndTakeAsync(message);

    private async Task WaitAndTakeAsync(ExecutorMessage message) => await HandOnAsync(await _registered.Task, message);

    private Task HandOnAsync(IExecutorConnection? connection, ExecutorMessage message) =>
        connection is null || (message is OutputMessage piece && !Held.TryTake(piece))
            ? Task.CompletedTask
            : connection.SendAsync(message, CancellationToken.None);
}
