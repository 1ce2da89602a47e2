using Executor.Tasks;
using static Executor.Scheduling.Samples;

namespace Executor.Scheduling;

public sealed class ExecutorOfferTests
{
    [Fact]
    public void Defaults_can_be_registered() => Assert.Empty(new ExecutorOffer().Faults());

    [Fact]
    public void Every_fault_is_named_by_field()
    {
        ExecutorOffer offer = new()
        {
            MaxTasks = 0,
            Runners = [],
            Cpus = double.NaN,
            MemoryMb = 0,
            GpuDevices = [0, 0],
            Lease = TimeSpan.Zero,
        };

        Assert.Equal(
            ["max_tasks", "runners", "cpus", "memory_mb", "gpu_devices", "lease_sec"], offer.Faults().Select(fault => fault.Field));
        Assert.Contains("1 to 1,000,000", offer.Faults()[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Faulty_offer_is_not_registered()
    {
        ArgumentException refused = Assert.Throws<ArgumentException>(() => new SchedulingQueue().Register("e", Slots(0)));

        Assert.Contains("max_tasks: is 0", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Holds_what_fits_when_idle()
    {
        ExecutorOffer offer = new() { Cpus = 2, GpuDevices = [0], Capabilities = NameSet.Of("gpu"), CodeExecutors = NameSet.Of("py") };

        Assert.True(offer.CanHold(TaskRequirements.None));
        Assert.True(offer.CanHold(Cpus(2, memoryMb: 1_000_000, gpus: 1)));
        Assert.True(offer.CanHold(Needs("gpu") with { CodeExecutor = "py", Runner = RunnerKind.Localhost }));
        Assert.False(offer.CanHold(Cpus(2.1)));
        Assert.False(offer.CanHold(Cpus(1, gpus: 2)));
        Assert.False(offer.CanHold(Needs("gpu", "torch")));
        Assert.False(offer.CanHold(Needs() with { CodeExecutor = "js" }));
        Assert.False(offer.CanHold(Needs() with { Runner = RunnerKind.Ssh }));
    }
}
