using Executor.Executors;
using Executor.Limits;
using Executor.Tasks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Executor.Library;

/// <summary>How a <see cref="ParallelExecutor"/> works.</summary>
public sealed record ParallelExecutorOptions
{
    /// <summary>How tasks run. Default <see cref="ParallelMode.Parallel"/>.</summary>
    public ParallelMode Mode { get; init; } = ParallelMode.Parallel;

    /// <summary>
    /// CPU cores to share among the tasks that run: a task takes one, or what its <see cref="TaskSpec.Resources"/> say (one that mostly
    /// waits can say 0.1). Range 1 to 1,000,000. Default: those of this machine.
    /// </summary>
    public int MaxWorkers { get; init; } = Environment.ProcessorCount;

    /// <summary>Tasks at once, whatever they take. Range 1 to 1,000,000. Default null: four for each worker.</summary>
    public int? MaxConcurrentTasks { get; init; }

    /// <summary>Memory to share among tasks that say how much they need, MiB. Range 1 and up. Default null: not counted.</summary>
    public int? MemoryMb { get; init; }

    /// <summary>Device numbers of the GPUs to share. Default none.</summary>
    public IReadOnlyList<int> GpuDevices { get; init; } = [];

    /// <summary>What there is for tasks that ask for capabilities. Default nothing.</summary>
    public IReadOnlyList<string> Capabilities { get; init; } = [];

    /// <summary>Timeout of tasks that bring none. Range over 0 to a day. Default null: the code executor's; 300 s for functions.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Limits of tasks for what they don't say themselves. They hold for what the runner runs, not for functions. Default null: none.</summary>
    public TaskLimits? Limits { get; init; }

    /// <summary>Tasks that may wait at once, of all calls together. Range 1 and up. Default 1,000,000.</summary>
    public int MaxQueue { get; init; } = 1_000_000;

    /// <summary>Where it is said when something of ours goes wrong. Default nowhere.</summary>
    public ILogger Log { get; init; } = NullLogger.Instance;

    /// <summary>The executor that these options describe.</summary>
    /// <param name="codeExecutors">The code executors that its runner knows by name.</param>
    /// <exception cref="InvalidInputException">An option is out of its range; names every one.</exception>
    internal ExecutorRegistration ToRegistration(IReadOnlyList<string> codeExecutors)
    {
        List<ValidationFault> faults = [];
        CheckCount(MaxWorkers, nameof(MaxWorkers), faults);
        CheckCount(MaxConcurrentTasks ?? 1, nameof(MaxConcurrentTasks), faults);
        CheckCount(MaxQueue, nameof(MaxQueue), faults, int.MaxValue);
        if (MemoryMb < 1)
        {
            faults.Add(new ValidationFault(nameof(MemoryMb), $"must be at least 1, or null, was {MemoryMb}"));
        }

        if (Timeout is TimeSpan timeout && (timeout <= TimeSpan.Zero || timeout > TimeSpan.FromDays(1)))
        {
            faults.Add(new ValidationFault(nameof(Timeout), $"must be over 0 and at most a day, or null, was {timeout}"));
        }

        if (!Enum.IsDefined(Mode))
        {
            faults.Add(new ValidationFault(nameof(Mode), $"must be one of {string.Join(", ", Enum.GetNames<ParallelMode>())}, was {Mode}"));
        }

        return faults.Count > 0 ? throw new InvalidInputException(faults) : new ExecutorRegistration
        {
            ExecutorId = ParallelHost.ExecutorId,
            Host = Environment.MachineName,
            MaxTasks = Mode == ParallelMode.Sequential ? 1 : MaxConcurrentTasks ?? int.Min(4 * MaxWorkers, 1_000_000),
            Cpus = MaxWorkers,
            MemoryMb = MemoryMb,
            GpuDevices = GpuDevices,
            Capabilities = Capabilities,
            Runners = Enum.GetValues<RunnerKind>(),
            CodeExecutors = codeExecutors,
        };
    }

    private static void CheckCount(int count, string name, List<ValidationFault> faults, int most = 1_000_000)
    {
        if (count < 1 || count > most)
        {
            faults.Add(new ValidationFault(name, $"must be from 1 to {most}, was {count}"));
        }
    }
}
