using Executor.Tasks;

namespace Executor.Scheduling;

/// <summary>What an executor brings when it registers.</summary>
public sealed record ExecutorOffer
{
    /// <summary>Tasks at once. Range 1 to 1,000,000. Default 1.</summary>
    public int MaxTasks { get; init; } = 1;

    /// <summary>What it has, for tasks that ask for it. Default nothing.</summary>
    public NameSet Capabilities { get; init; } = NameSet.Empty;

    /// <summary>The kinds of runner it owns. At least one. Default <see cref="RunnerKind.Localhost"/>.</summary>
    public IReadOnlyList<RunnerKind> Runners { get; init; } = [RunnerKind.Localhost];

    /// <summary>The named code executors of the configuration it can run. Default none.</summary>
    public NameSet CodeExecutors { get; init; } = NameSet.Empty;

    /// <summary>CPU cores; null: not counted. Range over 0. Default null.</summary>
    public double? Cpus { get; init; }

    /// <summary>Memory in MiB; null: not counted. Range 1 and up. Default null.</summary>
    public int? MemoryMb { get; init; }

    /// <summary>Device numbers of its GPUs, each once, from 0. Default none.</summary>
    public IReadOnlyList<int> GpuDevices { get; init; } = [];

    /// <summary>
    /// How long it, or a task it holds, may go without a heartbeat before it is lost. Range over 0 to 86,400 s. Null: it is
    /// never lost by silence (an executor inside the scheduler's own process). Default null.
    /// </summary>
    public TimeSpan? Lease { get; init; }

    /// <summary>All it has of each countable resource.</summary>
    public ResourceAmounts Total => new(
        MaxTasks,
        Cpus is double cpus ? ResourceAmounts.Millis(cpus) : ResourceAmounts.Uncounted,
        MemoryMb ?? ResourceAmounts.Uncounted,
        GpuDevices.Count);

    /// <summary>Whether it has everything the task needs, were it idle.</summary>
    public bool CanHold(TaskRequirements requirements) =>
        new ExecutorProfile(this).Offers(RequirementGroup.Eligibility.Of(requirements)) && requirements.Resources.FitsIn(Total);

    /// <summary>Everything wrong with it, by the wire's field names; empty when it can be registered.</summary>
    public IReadOnlyList<ValidationFault> Faults()
    {
        List<ValidationFault> faults = [];
        if (MaxTasks is < 1 or > 1_000_000)
        {
            faults.Add(new ValidationFault("max_tasks", $"is {MaxTasks}; it must be from 1 to 1,000,000"));
        }

        if (Runners.Count == 0)
        {
            faults.Add(new ValidationFault("runners", "is empty; name at least one of localhost, docker, ssh"));
        }

        if (Cpus is double cpus && !(cpus > 0))
        {
            faults.Add(new ValidationFault("cpus", FormattableString.Invariant($"is {cpus}; it must be over 0, or left out")));
        }

        if (MemoryMb < 1)
        {
            faults.Add(new ValidationFault("memory_mb", $"is {MemoryMb}; it must be at least 1, or left out"));
        }

        if (GpuDevices.Any(device => device < 0) || GpuDevices.Distinct().Count() != GpuDevices.Count)
        {
            faults.Add(new ValidationFault(
                "gpu_devices", $"is [{string.Join(", ", GpuDevices)}]; device numbers are 0 or more, each named once"));
        }

        if (Lease is TimeSpan lease && (lease <= TimeSpan.Zero || lease > TimeSpan.FromDays(1)))
        {
            faults.Add(new ValidationFault("lease_sec", "must be over 0 and at most 86,400, or left out"));
        }

        return faults;
    }
}
