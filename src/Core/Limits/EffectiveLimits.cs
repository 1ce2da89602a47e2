namespace Executor.Limits;

/// <summary>The limits that hold for one process tree: everything decided, nothing null. Units as in <see cref="TaskLimits"/>.</summary>
public sealed record EffectiveLimits(
    int MemoryMb,
    int StackMb,
    double CpuTime,
    int Pids,
    int OpenFiles,
    int FileSizeMb,
    int DiskMb,
    int OutputKb,
    bool Network);
