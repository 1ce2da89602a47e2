using Executor.Scheduling;
using Executor.Tasks;

namespace Executor.Executors.Protocol;

/// <summary>The first frame of a connection: who connects, what it has, and what it still runs from an earlier connection.</summary>
public sealed record RegisterFrame : ExecutorFrame
{
    /// <summary>The version the executor speaks. Default <see cref="ExecutorProtocol.Version"/>.</summary>
    public int Protocol { get; set; } = ExecutorProtocol.Version; // settable: the JSON source generator resets an init-only member that the JSON does not name

    /// <inheritdoc cref="ExecutorRegistration.ExecutorId"/>
    public required string ExecutorId { get; init; }

    /// <inheritdoc cref="ExecutorRegistration.Host"/>
    public required string Host { get; init; }

    /// <inheritdoc cref="ExecutorRegistration.Port"/>
    public int Port { get; init; }

    /// <inheritdoc cref="ExecutorRegistration.MaxTasks"/>
    public int MaxTasks { get; set; } = 1; // settable as Protocol is

    /// <inheritdoc cref="ExecutorRegistration.Capabilities"/>
    public IReadOnlyList<string>? Capabilities { get; init; }

    /// <inheritdoc cref="ExecutorRegistration.Runners"/>
    public IReadOnlyList<RunnerKind>? Runners { get; init; }

    /// <inheritdoc cref="ExecutorRegistration.CodeExecutors"/>
    public IReadOnlyList<string>? CodeExecutors { get; init; }

    /// <inheritdoc cref="ExecutorRegistration.Cpus"/>
    public double? Cpus { get; init; }

    /// <inheritdoc cref="ExecutorRegistration.MemoryMb"/>
    public int? MemoryMb { get; init; }

    /// <inheritdoc cref="ExecutorRegistration.GpuDevices"/>
    public IReadOnlyList<int>? GpuDevices { get; init; }

    /// <summary>What it still runs or has results of that were not acknowledged; null: nothing.</summary>
    public IReadOnlyList<TaskAttempt>? Running { get; init; }

    /// <inheritdoc/>
    public override string Type => "register";

    /// <summary>The frame that says all this.</summary>
    public static RegisterFrame Of(ExecutorRegistration registration, IReadOnlyList<TaskAttempt> running) => new()
    {
        ExecutorId = registration.ExecutorId,
        Host = registration.Host,
        Port = registration.Port,
        MaxTasks = registration.MaxTasks,
        Capabilities = registration.Capabilities,
        Runners = registration.Runners,
        CodeExecutors = registration.CodeExecutors,
        Cpus = registration.Cpus,
        MemoryMb = registration.MemoryMb,
        GpuDevices = registration.GpuDevices,
        Running = running,
    };

    /// <summary>What the executor says of itself.</summary>
    public ExecutorRegistration ToRegistration() => new()
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
    };

    internal override IEnumerable<ValidationFault> Faults() =>
    [
        .. Nulls("capabilities", Capabilities),
        .. Nulls("code_executors", CodeExecutors),
        .. Running is null ? [] : AttemptFaults.Of(Running, "running"),
    ];

    private static IEnumerable<ValidationFault> Nulls(string field, IReadOnlyList<string?>? names) =>
        names?.Contains(null) == true ? [new ValidationFault(field, "holds null; it must be a list of names")] : [];
}
