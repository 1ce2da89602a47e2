namespace Executor.Silo;

/// <summary>Two executors of one id.</summary>
public sealed class ReplacedExecutorTests
{
    [Fact]
    public async Task Executor_whose_id_registers_at_another_silo_is_told_to_end_and_not_to_come_back()
    {
        Requirement.Postgres();
        await using SiloCluster cluster = await SiloCluster.StartAsync(silos: 2);
        await using OutsideExecutor first = await OutsideExecutor.ConnectAsync(cluster.Silos[0], "outsider", "outside");

        await using OutsideExecutor second = await OutsideExecutor.ConnectAsync(cluster.Silos[1], "outsider", "outside");

        Assert.Equal(4001, await first.ClosedAsync());
    }
}
