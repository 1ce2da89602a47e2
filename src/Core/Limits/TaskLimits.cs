namespace Executor.Limits;

/// <summary>
/// Limits of one task, as asked for: what is null falls back to the code executor's, then the configuration's, then
/// <see cref="Default"/>. See <see cref="LimitResolver"/>.
/// </summary>
public sealed record TaskLimits
{
    /// <summary>Memory of the whole process tree in MiB. Range 1 to 1,048,576. Default 512.</summary>
    public int? MemoryMb { get; init; }

    /// <summary>Stack of each process's main thread, and of other threads where their language leaves it to us, in MiB. Range 1 to 1,048,576. Default: the memory limit.</summary>
    public int? StackMb { get; init; }

    /// <summary>CPU time of the whole process tree, in seconds. Range over 0. Default 30.</summary>
    public double? CpuTime { get; init; }

    /// <summary>Processes and threads at once. Range 1 to 32,768. Default 256.</summary>
    public int? Pids { get; init; }

    /// <summary>Open files of each process. Range 16 to 1,048,576. Default 256.</summary>
    public int? OpenFiles { get; init; }

    /// <summary>Size of any one file written, in MiB. Range 1 to 1,048,576. Default 16.</summary>
    public int? FileSizeMb { get; init; }

    /// <summary>Size of everything written (working directory, /tmp and /dev/shm together), in MiB. Range 1 to 1,048,576. Default 64.</summary>
    public int? DiskMb { get; init; }

    /// <summary>Kept of stdout and of stderr each, in KiB; what is over is dropped and marked. Range 1 to 1,048,576. Default 1,024.</summary>
    public int? OutputKb { get; init; }

    /// <summary>Whether the task may use the network. Default false.</summary>
    public bool? Network { get; init; }

    /// <summary>What holds where nobody says otherwise. No member is null but <see cref="StackMb"/>, which follows the memory.</summary>
    public static TaskLimits Default { get; } = new()
    {
        MemoryMb = 512,
        CpuTime = 30,
        Pids = 256,
        OpenFiles = 256,
        FileSizeMb = 16,
        DiskMb = 64,
        OutputKb = 1024,
        Network = false,
    };

    /// <summary>These limits, with what is null here taken from <paramref name="fallback"/>.</summary>
    public TaskLimits Or(TaskLimits? fallback) => fallback is null ? this : new TaskLimits
    {
        MemoryMb = MemoryMb ?? fallback.MemoryMb,
        StackMb = StackMb ?? fallback.StackMb,
        CpuTime = CpuTime ?? fallback.CpuTime,
        Pids = Pids ?? fallback.Pids,
        OpenFiles = OpenFiles ?? fallback.OpenFiles,
        FileSizeMb = FileSizeMb ?? fallback.FileSizeMb,
        DiskMb = DiskMb ?? fallback.DiskMb,
        OutputKb = OutputKb ?? fallback.OutputKb,
        Network = Network ?? fallback.Network,
    };
}
