namespace Executor.Limits;

/// <summary>Decides a task's limits: its own, else the code executor's, else the runtime's, else the configuration's, else the default; never over the ceiling.</summary>
public static class LimitResolver
{
    /// <param name="ceiling">What no task may exceed; null members don't cap. A ceiling of <c>network: false</c> forbids the network.</param>
    /// <param name="layers">From the most particular to the most general; null layers are skipped.</param>
    public static EffectiveLimits Resolve(TaskLimits? ceiling, params ReadOnlySpan<TaskLimits?> layers)
    {
        TaskLimits asked = new();
        foreach (TaskLimits? layer in layers)
        {
            asked = asked.Or(layer);
        }

        asked = asked.Or(TaskLimits.Default);
        int memoryMb = Cap(asked.MemoryMb!.Value, ceiling?.MemoryMb);
        return new EffectiveLimits(
            memoryMb,
            Cap(asked.StackMb ?? memoryMb, ceiling?.StackMb),
            ceiling?.CpuTime is double cpu ? double.Min(asked.CpuTime!.Value, cpu) : asked.CpuTime!.Value,
            Cap(asked.Pids!.Value, ceiling?.Pids),
            Cap(asked.OpenFiles!.Value, ceiling?.OpenFiles),
            Cap(asked.FileSizeMb!.Value, ceiling?.FileSizeMb),
            Cap(asked.DiskMb!.Value, ceiling?.DiskMb),
            Cap(asked.OutputKb!.Value, ceiling?.OutputKb),
            asked.Network!.Value && ceiling?.Network != false);
    }

    private static int Cap(int asked, int? ceiling) => ceiling is int most ? int.Min(asked, most) : asked;
}
