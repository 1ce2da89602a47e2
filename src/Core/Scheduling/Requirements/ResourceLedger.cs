namespace Executor.Scheduling;

/// <summary>What one executor has, what of it is taken, and which GPU devices are whose. Never gives more than there is.</summary>
public sealed class ResourceLedger
{
    private readonly HashSet<int> _devices;
    private readonly SortedSet<int> _freeDevices;

    /// <summary>The ledger of an idle executor.</summary>
    public ResourceLedger(ExecutorOffer offer)
    {
        Total = offer.Total;
        Free = Total;
        _devices = [.. offer.GpuDevices];
        _freeDevices = [.. offer.GpuDevices];
    }

    /// <summary>Everything the executor has.</summary>
    public ResourceAmounts Total { get; }

    /// <summary>What is not taken.</summary>
    public ResourceAmounts Free { get; private set; }

    /// <summary>The fraction taken of the resource that is taken most: 0 idle, 1 full.</summary>
    public double Load => Free.UsedOf(Total);

    /// <summary>Takes amounts.</summary>
    /// <returns>The numbers of the GPU devices that go with them: the lowest free ones, ascending.</returns>
    /// <exception cref="InvalidOperationException">There is less than that.</exception>
    public IReadOnlyList<int> Take(in ResourceAmounts amounts)
    {
        Require(amounts.FitsIn(Free), "More was to be taken than is free.");
        int[] devices = amounts.Gpus == 0 ? [] : [.. _freeDevices.Take(amounts.Gpus)];
        _freeDevices.ExceptWith(devices);
        Free = Free.Less(amounts);
        return devices;
    }

    /// <summary>Takes amounts with these very devices, if they are free: for a task that runs already.</summary>
    /// <returns>Whether they were taken.</returns>
    public bool TryRetake(in ResourceAmounts amounts, IReadOnlyList<int> devices)
    {
        if (!amounts.FitsIn(Free) || !_freeDevices.IsSupersetOf(devices))
        {
            return false;
        }

        _freeDevices.ExceptWith(devices);
        Free = Free.Less(amounts);
        return true;
    }

    /// <summary>Gives back what <see cref="Take"/> took.</summary>
    /// <exception cref="InvalidOperationException">It was not taken.</exception>
    public void Return(in ResourceAmounts amounts, IReadOnlyList<int> devices)
    {
        ResourceAmounts after = Free.Plus(amounts);
        Require(
            after.FitsIn(Total) && _devices.IsSupersetOf(devices) && !_freeDevices.Overlaps(devices),
            "More was given back than was taken.");
        _freeDevices.UnionWith(devices);
        Free = after;
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new InvalidOperationException(message);
        }
    }
}
