using Executor.Engine;
using Executor.Grains.Jobs;
using Executor.Storage;
using Orleans.Runtime;
using Orleans.TestingHost;

namespace Executor.Grains.Placement;

[Collection(ClusterCollection.Name)]
public sealed class MostRunnersTests(TestCluster cluster)
{
    [Fact]
    public async Task Jobs_run_on_a_silo_that_has_the_most_runners()
    {
        InProcessSiloHandle capable = cluster.Silos.Silos.Single(silo => silo.Name == cluster.CapableSilo);
        await cluster.MetadataKnownAsync();

        for (int i = 0; i < 8; i++)
        {
            string queue = Guid.NewGuid().ToString("N");
            await using InMemoryTaskStore store = new(TimeProvider.System);
            cluster.Queues.Add(queue, store, new EngineOptions(), TimeProvider.System);
            IJobGrain jobs = cluster.Grains.GetGrain<IJobGrain>(GrainKeys.Jobs(queue));
            await jobs.ListAsync(1);

            Assert.Equal(capable.SiloAddress, await cluster.Grains.GetGrain<IManagementGrain>(0).GetActivationAddress(jobs));
        }
    }
}
