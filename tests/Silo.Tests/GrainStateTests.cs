using Executor.Configuration;
using Executor.Engine;
using Executor.Engine.Sessions;
using Executor.Executors;
using Executor.Grains;
using Executor.Grains.Executors;
using Executor.Jobs;
using Executor.Sessions;
using Executor.Silo.Clustering;
using Executor.Silo.Hosting;
using Executor.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Orleans.Providers;
using Orleans.Runtime;
using Orleans.Storage;

namespace Executor.Silo;

/// <summary>What grains leave in PostgreSQL, by the host of a silo with its real storage.</summary>
public sealed class GrainStateTests : IAsyncLifetime
{
    private const string Cluster = "states";

    /// <summary>Ids that alone would be read as numbers or GUIDs, some of them the same ones.</summary>
    private static readonly string[] Ids =
    [
        "42", "2A", "2a", "0x2a", "deadbeef", "0000000000000000000000000000002a", "00000000-0000-0000-0000-00000000002a", "2a+b", "a+b", "e-42", "q/0", "Ä",
    ];

    private ThrowawayCluster? _postgres;
    private NpgsqlDataSource? _database;
    private IHost? _host;

    private IGrainFactory Grains => _host!.Services.GetRequiredService<IGrainFactory>();

    private string Postgres => _postgres!.ConnectionString;

    public async ValueTask InitializeAsync()
    {
        if (PostgresServer.WhyNot is null)
        {
            _postgres = await ThrowawayCluster.StartNewAsync(PostgresServer.Folder);
            _database = NpgsqlDataSource.Create(Postgres);
            await OrleansSchema.PrepareAsync(Postgres, CancellationToken.None);
            await StartAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_postgres is not null)
        {
            await StopAsync();
            await _database!.DisposeAsync();
            await _postgres.DisposeAsync();
        }
    }

    [Fact]
    public async Task Executors_of_any_id_are_found_again_each_as_itself()
    {
        Requirement.Postgres();
        foreach (string id in Ids)
        {
            await GrainOf(id).RegisterAsync(Registration(id), "silo");
        }

        Assert.True(await GrainOf("2a").DrainAsync());
        await StopAsync();
        await StartAsync();

        foreach (string id in Ids)
        {
            KnownExecutor? known = await GrainOf(id).GetAsync();
            Assert.Equal((id, id == "2a"), (known?.Registration.ExecutorId, known?.IsDrained));
        }

        // By their texts: none was taken for a number.
        Assert.Equal(Ids.Length, await CountAsync("state_type = 'executor' AND id_text LIKE 'e-default/%' AND id_low = 0 AND id_high = 0"));
        Assert.Equal(1, await CountAsync("convert_from(payload, 'UTF8')::json ->> 'is_drained' = 'true'"));
    }

    [Fact]
    public async Task States_of_two_grain_classes_of_one_key_are_kept_apart()
    {
        Requirement.Postgres();
        string key = GrainKeys.Executor(GrainKeys.DefaultQueue, "deadbeef");
        GrainId other = GrainId.Create("other", key);
        IExecutorGrain grain = GrainOf("deadbeef");
        ExecutorAdmission admission = await grain.RegisterAsync(Registration("deadbeef"), "silo");
        await Storage().WriteStateAsync("other", other, new GrainState<List<string>>(["its own"]));
        await grain.DrainAsync();
        await StopAsync();
        await StartAsync();

        GrainState<List<string>> read = new();
        await Storage().ReadStateAsync("other", other, read);
        Assert.Equal("its own", Assert.Single(read.State!));
        Assert.Equal(admission with { IsDrained = true }, await GrainOf("deadbeef").NoteAsync(admission.Connection));

        Assert.True(await GrainOf("deadbeef").LeaveAsync(admission.Connection));
        await Storage().ReadStateAsync("other", other, read);
        Assert.True(read.RecordExists);
        Assert.Equal(0, await CountAsync("state_type = 'executor'"));
    }

    [Fact]
    public async Task Executor_whose_silo_died_is_forgotten_by_a_sweep_after_a_day_and_no_other()
    {
        Requirement.Postgres();
        ExecutorAdmission lives = await GrainOf("lives").RegisterAsync(Registration("lives"), "silo");
        await GrainOf("gone").RegisterAsync(Registration("gone"), "silo");
        await StopAsync();
        // One that is known to live, though that was stored a day ago, and one that is not.
        await ExecuteAsync("UPDATE grain_states SET modified_at = now() - interval '25 hours'");
        await ExecuteAsync("""
            UPDATE grain_states SET payload = convert_to(jsonb_set(
                convert_from(payload, 'UTF8')::jsonb, '{last_seen_at}', to_jsonb((now() - interval '25 hours')::timestamptz))::text, 'UTF8')
            WHERE id_text = 'e-default/gone'
            """);
        await StartAsync();
        await GrainOf("lives").NoteAsync(lives.Connection);

        Assert.Equal(2, await SweepAsync());
        Assert.Equal(0, await SweepAsync());

        Assert.Equal(1, await CountAsync("state_type = 'executor' AND id_text = 'e-default/lives'"));
        Assert.Equal(0, await CountAsync("state_type = 'executor' AND id_text = 'e-default/gone'"));
    }

    [Fact]
    public async Task Database_that_is_away_is_an_error_that_says_so_and_the_grain_works_when_it_is_back()
    {
        Requirement.Postgres();
        await _postgres!.StopAsync();
        var away = await Assert.ThrowsAsync<Grains.Scheduling.CallFaultException>(() => GrainOf("one").RegisterAsync(Registration("one"), "silo"));
        var failed = Assert.IsType<StorageException>(away.Fault.ToException());
        Assert.True(failed.IsTransient);
        Assert.StartsWith("What is known of executor 'one' could not be read or stored: ", failed.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failed.Message);

        await _postgres.StartAsync();
        // The connections of before are broken; the grain tries more than once.
        ExecutorAdmission admission = await GrainOf("one").RegisterAsync(Registration("one"), "silo");
        Assert.Equal(admission, await GrainOf("one").NoteAsync(admission.Connection));
    }

    private static ExecutorRegistration Registration(string id) => new() { ExecutorId = id, Host = "host", MaxTasks = 2, Capabilities = ["c"] };

    private IExecutorGrain GrainOf(string id) => Grains.GetGrain<IExecutorGrain>(GrainKeys.Executor(GrainKeys.DefaultQueue, id));

    private IGrainStorage Storage() => _host!.Services.GetRequiredKeyedService<IGrainStorage>(ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME);

    private Task<int> SweepAsync() => ExecutorSweep.SweepAsync(Postgres, Cluster, Grains, CancellationToken.None);

    private async Task StartAsync()
    {
        int[] ports = SiloProcess.FreePorts(2);
        ClusterNodeOptions node = new() { Name = Cluster, SiloPort = ports[0], GatewayPort = ports[1] };
        SiloTls plain = new(node, NullLogger<SiloTls>.Instance);
        _host = SiloHost.Create(node, Postgres, new NoQueues(), plain, new() { [SiloMetadataKeys.Version] = "test" }, NullLoggerFactory.Instance);
        await _host.StartAsync();
    }

    private async Task StopAsync()
    {
        await _host!.StopAsync();
        _host.Dispose();
    }

    private async Task<long> CountAsync(string condition)
    {
#pragma warning disable CA2100 // The tests' own statements.
        await using NpgsqlCommand command = _database!.CreateCommand($"SELECT count(*) FROM grain_states WHERE {condition}");
#pragma warning restore CA2100
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private async Task ExecuteAsync(string sql)
    {
#pragma warning disable CA2100 // The tests' own statements.
        await using NpgsqlCommand command = _database!.CreateCommand(sql);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>A silo without tasks.</summary>
    private sealed class NoQueues : IQueueResources
    {
        public IEnumerable<IJobType> JobTypes => [];

        public TimeProvider TimeOf(string queue) => TimeProvider.System;

        public SessionHost SessionsOf(string queue) => new((_, _) => throw new NotSupportedException(), _ => [], new SessionOptions(), TimeProvider.System);

        public EngineOptions OptionsOf(string queue) => new();

        public ValueTask<ITaskStore> OpenAsync(string queue, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<ITaskStore> OpenAsync(string queue, WriterClaim claim, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
