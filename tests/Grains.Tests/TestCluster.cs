using System.Collections.Concurrent;
using Executor.Client;
using Executor.Engine;
using Executor.Engine.Sessions;
using Executor.Grains.Hosting;
using Executor.Grains.Placement;
using Executor.Grains.Serialization;
using Executor.Jobs;
using Executor.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Hosting;
using Orleans.Providers;
using Orleans.Runtime;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.Storage;
using Orleans.TestingHost;

namespace Executor.Grains;

/// <summary>Two silos and a client in this process, for all tests; each test has queues of its own in it.</summary>
public sealed class TestCluster : IAsyncLifetime
{
    private InProcessTestCluster? _cluster;
    private int _named;

    /// <summary>The number of the silo that says that it has the most runners.</summary>
    public const int Capable = 0;

    /// <summary>The name of the silo that says that it has the most runners.</summary>
    public string CapableSilo { get; private set; } = "";

    /// <summary>The client's way to the grains.</summary>
    public IGrainFactory Grains => _cluster!.Client;

    /// <summary>The silos' way to the grains and their services.</summary>
    public InProcessTestCluster Silos => _cluster!;

    /// <summary>What the queues of tests are kept in.</summary>
    internal TestQueues Queues { get; } = new();

    /// <summary>What becomes of grains' states.</summary>
    internal TestStorage.Faults Storage { get; } = new();

    /// <summary>The calls that grains get.</summary>
    internal GrainCallCounts Calls { get; } = new();

    /// <summary>The service as it is in one of the silos.</summary>
    internal ClusterExecutionService ServiceIn(int silo, string queue, TimeProvider time)
    {
        IServiceProvider services = Silos.Silos[silo].ServiceProvider;
        return new ClusterExecutionService(
            services.GetRequiredService<IGrainFactory>(),
            queue,
            services.GetRequiredService<ILocalSiloDetails>().SiloAddress.ToParsableString(),
            time,
            NullLogger<ClusterExecutionService>.Instance);
    }

    public async ValueTask InitializeAsync()
    {
        InProcessTestClusterBuilder builder = new(2);
        builder.ConfigureSilo((options, silo) =>
        {
            // Only one of them has more than its own machine.
            bool isFirst = _named++ == 0;
            CapableSilo = isFirst ? options.SiloName : CapableSilo;
            silo.UseExecutorMetadata(new() { [SiloMetadataKeys.Runners] = isFirst ? "docker,localhost" : "localhost" });
            silo.UseLastingDirectory();
            silo.Services.AddExecutorSerialization();
            silo.Services.AddSingleton<IQueueResources>(Queues.On(isFirst ? Capable : 1 - Capable));
            silo.UseExecutorGrainStates();
            silo.UseInMemoryReminderService();
            silo.AddMemoryGrainStorage(TestStorage.Behind);
            silo.Services.AddKeyedSingleton<IGrainStorage>(
                ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME,
                (services, _) => new TestStorage(services.GetRequiredKeyedService<IGrainStorage>(TestStorage.Behind), Storage));
            silo.AddIncomingGrainCallFilter(Calls.CountAsync);
        });
        builder.ConfigureClient(client => client.Services.AddExecutorSerialization());
        _cluster = builder.Build();
        await _cluster.DeployAsync();
        await MetadataKnownAsync();
    }

    /// <summary>Waits until every silo has heard of every other what it has.</summary>
    private Task MetadataKnownAsync() => Poll.UntilAsync("every silo has heard of every other", () => Silos.Silos.All(silo =>
    {
        ISiloMetadataCache heard = silo.ServiceProvider.GetRequiredService<ISiloMetadataCache>();
        return Silos.Silos.All(other => !heard.GetSiloMetadata(other.SiloAddress).Metadata.IsEmpty);
    }));

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }
}

[CollectionDefinition(Name)]
public sealed class ClusterCollection : ICollectionFixture<TestCluster>
{
    public const string Name = "Cluster";
}

/// <summary>Stores in memory, one a queue, that outlive schedulers, and sessions, held by each silo for itself unless told otherwise.</summary>
internal sealed class TestQueues
{
    private readonly ConcurrentDictionary<string, Queue> _queues = [];

    public void Add(string name, ITaskStore store, EngineOptions options, TimeProvider time) => _queues[name] = new Queue(store, options, time, []);

    /// <summary>A queue of sessions only.</summary>
    /// <param name="name">The queue.</param>
    /// <param name="time">Its clock.</param>
    /// <param name="hosts">What holds its sessions, by the number of the silo; one for all: that.</param>
    public void AddSessions(string name, TimeProvider time, params SessionHost[] hosts) =>
        _queues[name] = new Queue(new InMemoryTaskStore(time), new EngineOptions(), time, hosts);

    /// <summary>What a silo has of them.</summary>
    public IQueueResources On(int silo) => new OnSilo(this, silo);

    private sealed class OnSilo(TestQueues queues, int silo) : IQueueResources
    {
        public IEnumerable<IJobType> JobTypes => [new CountJob()];

        public SessionHost SessionsOf(string queue) => queues._queues[queue].Hosts is { Length: > 1 } hosts ? hosts[silo] : queues._queues[queue].Hosts[0];

        public EngineOptions OptionsOf(string queue) => queues._queues[queue].Options;

        public TimeProvider TimeOf(string queue) => queues._queues[queue].Time;

        public ValueTask<ITaskStore> OpenAsync(string queue, CancellationToken cancellationToken) => new(queues._queues[queue].Store);

        // Not closed with the scheduler: a store in memory does nothing when it is disposed.
        public Task<ITaskStore> OpenAsync(string queue, WriterClaim claim, CancellationToken cancellationToken) => Task.FromResult(queues._queues[queue].Store);
    }

    private sealed record Queue(ITaskStore Store, EngineOptions Options, TimeProvider Time, SessionHost[] Hosts);
}
