namespace Executor.Scheduling;

public sealed class ResourceLedgerTests
{
    private static readonly ExecutorOffer Offer = new() { MaxTasks = 4, Cpus = 2, MemoryMb = 1000, GpuDevices = [2, 0, 1] };

    [Fact]
    public void Devices_are_handed_out_lowest_first_and_come_back()
    {
        ResourceLedger ledger = new(Offer);
        ResourceAmounts oneGpu = new(1, 0, 0, 1);
        ResourceAmounts twoGpus = new(1, 0, 0, 2);

        Assert.Equal([0], ledger.Take(oneGpu));
        Assert.Equal([1, 2], ledger.Take(twoGpus));
        ledger.Return(oneGpu, [0]);
        Assert.Equal([0], ledger.Take(oneGpu));
        Assert.Empty(ledger.Take(oneGpu with { Gpus = 0 }));
    }

    [Fact]
    public void Load_is_that_of_the_scarcest_resource()
    {
        ResourceLedger ledger = new(Offer);

        ledger.Take(new ResourceAmounts(1, 500, 900, 0));

        Assert.Equal(0.9, ledger.Load, 6);
        Assert.Equal(new ResourceAmounts(3, 1500, 100, 3), ledger.Free);
    }

    [Fact]
    public void More_than_there_is_is_not_given()
    {
        ResourceLedger ledger = new(Offer);

        Assert.Throws<InvalidOperationException>(() => ledger.Take(new ResourceAmounts(1, 2001, 0, 0)));
        Assert.Throws<InvalidOperationException>(() => ledger.Take(new ResourceAmounts(1, 0, 0, 4)));
        Assert.Equal(ledger.Total, ledger.Free);
    }

    [Fact]
    public void What_was_not_taken_is_not_taken_back()
    {
        ResourceLedger ledger = new(Offer);
        ledger.Take(new ResourceAmounts(1, 100, 0, 1));

        Assert.Throws<InvalidOperationException>(() => ledger.Return(new ResourceAmounts(1, 101, 0, 0), []));
        Assert.Throws<InvalidOperationException>(() => ledger.Return(new ResourceAmounts(1, 100, 0, 1), [1]));
        Assert.Throws<InvalidOperationException>(() => ledger.Return(new ResourceAmounts(1, 100, 0, 1), [7]));
        ledger.Return(new ResourceAmounts(1, 100, 0, 1), [0]);
        Assert.Equal(ledger.Total, ledger.Free);
    }

    [Fact]
    public void Uncounted_resources_are_never_used_up()
    {
        ResourceLedger ledger = new(new ExecutorOffer { MaxTasks = 3 });

        ledger.Take(new ResourceAmounts(1, int.MaxValue - 1, int.MaxValue - 1, 0));
        ledger.Take(new ResourceAmounts(1, int.MaxValue - 1, int.MaxValue - 1, 0));

        Assert.Equal(new ResourceAmounts(1, ResourceAmounts.Uncounted, ResourceAmounts.Uncounted, 0), ledger.Free);
        Assert.Equal(2.0 / 3, ledger.Load, 6);
    }

    [Fact]
    public void Running_task_retakes_its_own_devices_or_none()
    {
        ResourceLedger ledger = new(Offer);

        Assert.True(ledger.TryRetake(new ResourceAmounts(1, 0, 0, 1), [1]));
        Assert.False(ledger.TryRetake(new ResourceAmounts(1, 0, 0, 1), [1]));
        Assert.False(ledger.TryRetake(new ResourceAmounts(1, 3000, 0, 0), []));
        Assert.Equal([0, 2], ledger.Take(new ResourceAmounts(1, 0, 0, 2)));
    }
}
