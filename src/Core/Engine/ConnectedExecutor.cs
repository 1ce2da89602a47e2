using Executor.Executors;

namespace Executor.Engine;

/// <summary>A registered executor. Guarded by the engine's lock.</summary>
internal sealed class ConnectedExecutor(ExecutorRegistration registration, IExecutorLink link, EngineConnection connection, DateTimeOffset now)
{
    public ExecutorRegistration Registration { get; } = registration;

    public IExecutorLink Link { get; } = link;

    public EngineConnection Connection { get; } = connection;

    public DateTimeOffset RegisteredAt { get; init; } = now;

    public DateTimeOffset LastSeenAt { get; set; } = now;

    public ExecutorStatus Status { get; set; }
}
