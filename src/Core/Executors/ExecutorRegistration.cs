using Executor.Scheduling;
using Executor.Tasks;

namespace Executor.Executors;

/// <summary>What an executor says of itself when it registers.</summary>
public sealed record ExecutorRegistration
{
    /// <summary>Its id; a later registration of the same id takes the place of the earlier one.</summary>
    public required string ExecutorId { get; init; }

    /// <summary>The host it is on.</summary>
    public required string Host { get; init; }

    /// <summary>The port it listens on, if any. Range 0 to 65,535. Default 0: none.</summary>
    public int Port { get; init; }

    /// <summary>Tasks at once. Range 1 to 1,000,000. Default 1.</summary>
    public int MaxTasks { get; set; } = 1; // settable: the JSON source generator resets an init-only member that the JSON does not name

    /// <summary>What it has, for tasks that ask for it; null: nothing.</summary>
    public IReadOnlyList<string>? Capabilities { get; init; }

    /// <summary>The kinds of runner it owns; null: <see cref="RunnerKind.Localhost"/>.</summary>
    public IReadOnlyList<RunnerKind>? Runners { get; init; }

    /// <summary>The named code executors it can run; null: none.</summary>
    public IReadOnlyList<string>? CodeExecutors { get; init; }

    /// <summary>CPU cores to share among tasks; null: not counted.</summary>
    public double? Cpus { get; init; }

    /// <summary>Memory to share among tasks, MiB; null: not counted.</summary>
    public int? MemoryMb { get; init; }

    /// <summary>Device numbers of its GPUs; null: none.</summary>
    public IReadOnlyList<int>? GpuDevices { get; init; }

    /// <summary>What the scheduler needs of it.</summary>
    /// <param name="lease">How long it may be silent; null: for ever.</param>
    public ExecutorOffer ToOffer(TimeSpan? lease) => new()
    {
        MaxTasks = MaxTasks,
        Capabilities = NameSet.Of(Capabilities),
        Runners = Runners ?? [RunnerKind.Localhost],
        CodeExecutors = NameSet.Of(CodeExecutors),
        Cpus = Cpus,
        MemoryMb = MemoryMb,
        GpuDevices = GpuDevices ?? [],
        Lease = lease,
    };
}
