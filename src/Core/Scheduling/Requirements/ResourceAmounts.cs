namespace Executor.Scheduling;

/// <summary>How much of each countable resource: what a task takes, what an executor has or has left.</summary>
/// <param name="Slots">Places for a task: a task takes one, an executor has <c>max_tasks</c>.</param>
/// <param name="CpuMillis">Thousandths of a CPU core.</param>
/// <param name="MemoryMb">Memory in MiB.</param>
/// <param name="Gpus">Whole GPUs.</param>
public readonly record struct ResourceAmounts(int Slots, int CpuMillis, int MemoryMb, int Gpus)
{
    /// <summary>The amount of a resource that an executor doesn't count: taking from it leaves it as it is.</summary>
    public const int Uncounted = int.MaxValue;

    /// <summary>CPU cores as thousandths: rounded, but never down to nothing, and at most <see cref="Uncounted"/> less one.</summary>
    public static int Millis(double cpus) =>
        cpus <= 0 ? 0 : (int)double.Clamp(double.Round(cpus * 1000), 1, Uncounted - 1);

    /// <summary>Whether each amount is at most the other's.</summary>
    public bool FitsIn(in ResourceAmounts other) =>
        Slots <= other.Slots && CpuMillis <= other.CpuMillis && MemoryMb <= other.MemoryMb && Gpus <= other.Gpus;

    /// <summary>The larger fraction of <paramref name="total"/> that is not in this, over the counted resources: 0 idle, 1 full.</summary>
    internal double UsedOf(in ResourceAmounts total) => double.Max(
        double.Max(Used(Slots, total.Slots), Used(CpuMillis, total.CpuMillis)),
        double.Max(Used(MemoryMb, total.MemoryMb), Used(Gpus, total.Gpus)));

    /// <summary>This less the other; what is uncounted stays so.</summary>
    internal ResourceAmounts Less(in ResourceAmounts taken) => new(
        Less(Slots, taken.Slots), Less(CpuMillis, taken.CpuMillis), Less(MemoryMb, taken.MemoryMb), Less(Gpus, taken.Gpus));

    /// <summary>This and the other; what is uncounted stays so.</summary>
    internal ResourceAmounts Plus(in ResourceAmounts given) => new(
        Plus(Slots, given.Slots), Plus(CpuMillis, given.CpuMillis), Plus(MemoryMb, given.MemoryMb), Plus(Gpus, given.Gpus));

    /// <summary>This with nothing below zero.</summary>
    internal ResourceAmounts AtLeastZero() => new(
        int.Max(Slots, 0), int.Max(CpuMillis, 0), int.Max(MemoryMb, 0), int.Max(Gpus, 0));

    /// <summary>Each amount's opposite: turns "has at least" into <see cref="FitsIn"/>.</summary>
    internal ResourceAmounts Negated() => new(-Slots, -CpuMillis, -MemoryMb, -Gpus);

    /// <summary>The smaller of each two amounts.</summary>
    internal static ResourceAmounts Min(in ResourceAmounts a, in ResourceAmounts b) => new(
        int.Min(a.Slots, b.Slots),
        int.Min(a.CpuMillis, b.CpuMillis),
        int.Min(a.MemoryMb, b.MemoryMb),
        int.Min(a.Gpus, b.Gpus));

    /// <summary>The larger of each two amounts.</summary>
    internal static ResourceAmounts Max(in ResourceAmounts a, in ResourceAmounts b) => new(
        int.Max(a.Slots, b.Slots),
        int.Max(a.CpuMillis, b.CpuMillis),
        int.Max(a.MemoryMb, b.MemoryMb),
        int.Max(a.Gpus, b.Gpus));

    private static double Used(int free, int total) => total is 0 or Uncounted ? 0 : (double)(total - free) / total;

    private static int Less(int amount, int taken) => amount == Uncounted ? amount : amount - taken;

    private static int Plus(int amount, int given) => amount == Uncounted ? amount : checked(amount + given);
}
