using Executor.Executors;
using Executor.Tasks;

namespace Executor.Http.Wire;

/// <summary>A registered executor. Times are milliseconds since the Unix epoch.</summary>
public sealed record ExecutorDetail
{
    /// <summary>Its id.</summary>
    public required string ExecutorId { get; init; }

    /// <summary>The host it is on.</summary>
    public required string Host { get; init; }

    /// <summary>The port it listens on; 0: none.</summary>
    public int Port { get; init; }

    /// <summary><c>online</c>, <c>draining</c>, <c>quarantined</c> or <c>disconnected</c>.</summary>
    public required string State { get; init; }

    /// <summary>Until when it is given nothing, then one task to see; null: it is in no quarantine.</summary>
    public long? QuarantineUntilTimeMs { get; init; }

    /// <summary>How its own machinery failed a task last, type and message; null: it did well since.</summary>
    public string? LastFailure { get; init; }

    /// <summary>Tasks it may hold at once.</summary>
    public int MaxTasks { get; init; }

    /// <summary>Tasks it holds.</summary>
    public int Running { get; init; }

    /// <summary>The fraction taken of the resource that is taken most: 0 idle, 1 full.</summary>
    public double Load { get; init; }

    /// <summary>What it has, for tasks that ask for it.</summary>
    public required IReadOnlyList<string> Capabilities { get; init; }

    /// <summary>The kinds of runner it owns.</summary>
    public required IReadOnlyList<RunnerKind> Runners { get; init; }

    /// <summary>The named code executors it can run.</summary>
    public required IReadOnlyList<string> CodeExecutors { get; init; }

    /// <summary>CPU cores to share among tasks; null: not counted.</summary>
    public double? Cpus { get; init; }

    /// <summary>Memory to share among tasks, MiB; null: not counted.</summary>
    public int? MemoryMb { get; init; }

    /// <summary>Device numbers of its GPUs; null: none.</summary>
    public IReadOnlyList<int>? GpuDevices { get; init; }

    /// <summary>When it registered.</summary>
    public long RegisterTimeMs { get; init; }

    /// <summary>When it was last heard of.</summary>
    public long LastSeenTimeMs { get; init; }

    /// <summary>An executor as the service knows it.</summary>
    public static ExecutorDetail Of(ExecutorInfo executor) => new()
    {
        ExecutorId = executor.Registration.ExecutorId,
        Host = executor.Registration.Host,
        Port = executor.Registration.Port,
        State = executor.Status.ToString().ToLowerInvariant(),
        QuarantineUntilTimeMs = executor.QuarantinedUntil?.ToUnixTimeMilliseconds(),
        LastFailure = executor.LastFailure,
        MaxTasks = executor.Registration.MaxTasks,
        Running = executor.Running,
        Load = executor.Load,
        Capabilities = executor.Registration.Capabilities ?? [],
        Runners = executor.Registration.Runners ?? [RunnerKind.Localhost],
        CodeExecutors = executor.Registration.CodeExecutors ?? [],
        Cpus = executor.Registration.Cpus,
        MemoryMb = executor.Registration.MemoryMb,
        GpuDevices = executor.Registration.GpuDevices,
        RegisterTimeMs = executor.RegisteredAt.ToUnixTimeMilliseconds(),
        LastSeenTimeMs = executor.LastSeenAt.ToUnixTimeMilliseconds(),
    };

    /// <summary>The executor as the service tells it.</summary>
    /// <exception cref="ArgumentException">A time or the state is none.</exception>
    public ExecutorInfo ToInfo() => new()
    {
        Registration = new ExecutorRegistration
        {
            ExecutorId = ExecutorId,
            Host = Host,
            Port = Port,
            MaxTasks = MaxTasks,
            Capabilities = Capabilities,
            Runners = Runners,
            CodeExecutors = CodeExecutors,
            Cpus = Cpus,
            MemoryMb = MemoryMb,
            GpuDevices = GpuDevices,
        },
        Status = Enum.Parse<ExecutorStatus>(State, ignoreCase: true),
        QuarantinedUntil = WireTime.Of(QuarantineUntilTimeMs),
        LastFailure = LastFailure,
        Running = Running,
        Load = Load,
        RegisteredAt = DateTimeOffset.FromUnixTimeMilliseconds(RegisterTimeMs),
        LastSeenAt = DateTimeOffset.FromUnixTimeMilliseconds(LastSeenTimeMs),
    };
}
