using Executor.Executors;
using Executor.Executors.Protocol;
using Executor.Scheduling;
using Executor.Tasks;

namespace Executor.Hosting.Working;

/// <summary>One registration with the server, as the worker's own side sees it: what is said goes to the outbox, and from there when it can.</summary>
internal sealed class ServerConnection(Outbox outbox, RegisteredFrame registered, Action breakOff) : IExecutorConnection
{
    /// <inheritdoc/>
    public TimeSpan? Lease { get; } = registered.LeaseSec is double seconds ? TimeSpan.FromSeconds(seconds) : null;

    /// <inheritdoc/>
    public IReadOnlyList<TaskAttempt> Stale => registered.Stale;

    /// <summary>The server answers with cancellations, each on its own.</summary>
    /// <inheritdoc/>
    public IReadOnlyList<TaskAttempt>? Heartbeat(IReadOnlyList<TaskAttempt> running)
    {
        outbox.Add(new HeartbeatFrame(running));
        return [];
    }

    /// <inheritdoc/>
    public ValueTask OutputAsync(TaskAttempt task, OutputStream stream, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        outbox.AddAsync(task, stream, data, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> ReportAsync(TaskAttempt task, TaskResult result) => outbox.ReportAsync(task, result);

    /// <inheritdoc/>
    public void Drain() => outbox.Add(new DrainFrame());

    /// <inheritdoc/>
    public void Disconnected() => breakOff();

    /// <inheritdoc/>
    public void Leave() => outbox.Add(new LeaveFrame());
}
