using Executor.Scheduling;
using Executor.Tasks;

namespace Executor.Executors.Protocol;

/// <summary>A <see cref="RegisterMessage"/> as it is written: the fields of <see cref="ExecutorRegistration"/> and more beside each other.</summary>
internal sealed record RegisterFrame : ExecutorFrame
{
    public int Protocol { get; set; } = ExecutorProtocol.Version; // settable: the JSON source generator resets an init-only member that the JSON does not name

    public required string ExecutorId { get; init; }

    public required string Host { get; init; }

    public int Port { get; init; }

    public int MaxTasks { get; set; } = 1; // settable as Protocol is

    public IReadOnlyList<string>? Capabilities { get; init; }

    public IReadOnlyList<RunnerKind>? Runners { get; init; }

    public IReadOnlyList<string>? CodeExecutors { get; init; }

    public double? Cpus { get; init; }

    public int? MemoryMb { get; init; }

    public IReadOnlyList<int>? GpuDevices { get; init; }

    public IReadOnlyList<TaskAttempt>? Running { get; init; }

    public override string Type => "register";

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

    public override ExecutorMessage ToMessage() => new RegisterMessage(
        new ExecutorRegistration
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
        Running ?? []);

    public override IEnumerable<ValidationFault> Faults() =>
    [
        .. Protocol == ExecutorProtocol.Version
            ? [] : new[] { new ValidationFault("protocol", $"is {Protocol}; this server speaks version {ExecutorProtocol.Version}") },
        .. Nulls("capabilities", Capabilities),
        .. Nulls("code_executors", CodeExecutors),
        .. Running is null ? [] : AttemptFaults.Of(Running, "running"),
    ];

    private static IEnumerable<ValidationFault> Nulls(string field, IReadOnlyList<string?>? names) =>
        names?.Contains(null) == true ? [new ValidationFault(field, "holds null; it must be a list of names")] : [];
}
