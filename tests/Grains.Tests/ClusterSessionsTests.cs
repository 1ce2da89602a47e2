using Executor.Client;
using Executor.Engine.Sessions;
using Executor.Sessions;
using Microsoft.Extensions.Logging.Abstractions;

namespace Executor.Grains;

/// <summary>The cluster's sessions pass what those of one process pass.</summary>
[Collection(ClusterCollection.Name)]
public sealed class ClusterSessionsTests(TestCluster cluster) : SessionServiceContract
{
    private readonly List<ClusterExecutionService> _services = [];

    public override async ValueTask DisposeAsync()
    {
        foreach (ClusterExecutionService service in _services)
        {
            await Task.WhenAll((await service.Sessions.ListAsync(CancellationToken.None)).Select(
                session => service.Sessions.CloseAsync(session.SessionId, CancellationToken.None)));
            await service.DisposeAsync();
        }

        Assert.All(Interpreters, interpreter => Assert.True(interpreter.IsDisposed));
    }

    protected override Task<ISessionService> CreateAsync(SessionHost host)
    {
        string queue = Guid.NewGuid().ToString("N");
        cluster.Queues.AddSessions(queue, host.Time, host);
        ClusterExecutionService service = new(cluster.Grains, queue, silo: null, TimeProvider.System, NullLogger<ClusterExecutionService>.Instance);
        _services.Add(service);
        return Task.FromResult(service.Sessions);
    }
}
