using Executor.Engine;
using Executor.Executors;
using Executor.Grains.Scheduling;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Grains.Executors;

/// <summary>The grain by itself: nobody is connected.</summary>
[Collection(ClusterCollection.Name)]
public sealed class ExecutorGrainTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly TestCluster _cluster;
    private readonly string _key;

    public ExecutorGrainTests(TestCluster cluster)
    {
        _cluster = cluster;
        string queue = Guid.NewGuid().ToString("N");
        cluster.Queues.Add(queue, new InMemoryTaskStore(_time), new EngineOptions(), _time);
        _key = GrainKeys.Executor(queue, "one");
    }

    private IExecutorGrain Grain => _cluster.Grains.GetGrain<IExecutorGrain>(_key);

    private static ExecutorRegistration Registration => new()
    {
        ExecutorId = "one",
        Host = "Rechner-Ä",
        Port = 8_000,
        MaxTasks = 3,
        Capabilities = ["gpu", "linux"],
        Runners = [RunnerKind.Docker, RunnerKind.Localhost],
        CodeExecutors = ["docker_python_default"],
        Cpus = 1.5,
    };

    [Fact]
    public async Task Executor_is_registered_then_drained_then_gone_then_registered_anew_whatever_is_said_twice()
    {
        Assert.Null(await Grain.GetAsync());
        Assert.False(await Grain.DrainAsync());
        Assert.False(await Grain.LeaveAsync(1));

        ExecutorAdmission first = await Grain.RegisterAsync(Registration, "silo");
        Assert.False(first.IsDrained);
        Assert.Equal(first, await Grain.NoteAsync(first.Connection));

        Assert.True(await Grain.DrainAsync());
        Assert.True(await Grain.DrainAsync());
        Assert.Equal(first with { IsDrained = true }, await Grain.NoteAsync(first.Connection));

        Assert.True(await Grain.LeaveAsync(first.Connection));
        Assert.False(await Grain.LeaveAsync(first.Connection));
        Assert.Null(await Grain.GetAsync());
        Assert.Null(await Grain.NoteAsync(first.Connection));
        Assert.False(await Grain.DrainAsync());

        _time.Advance(TimeSpan.FromSeconds(1));
        ExecutorAdmission anew = await Grain.RegisterAsync(Registration, "silo");
        Assert.False(anew.IsDrained);
        Assert.True(anew.Connection > first.Connection);
    }

    [Fact]
    public async Task Later_connection_takes_the_place_of_the_earlier_one_and_stays_drained()
    {
        ExecutorAdmission first = await Grain.RegisterAsync(Registration, "silo a");
        await Grain.DrainAsync();

        ExecutorAdmission second = await Grain.RegisterAsync(Registration with { Host = "elsewhere" }, "silo b");

        Assert.True(second.IsDrained);
        Assert.True(second.Connection > first.Connection);
        Assert.Null(await Grain.NoteAsync(first.Connection));
        Assert.False(await Grain.LeaveAsync(first.Connection));
        KnownExecutor? known = await Grain.GetAsync();
        Assert.Equal(("elsewhere", "silo b", true), (known?.Registration.Host, known?.Silo, known?.IsDrained));
    }

    [Fact]
    public async Task Grain_that_was_deactivated_reads_all_of_it_back()
    {
        ExecutorAdmission admission = await Grain.RegisterAsync(Registration, "silo");
        KnownExecutor? before = await Grain.GetAsync();
        await DeactivateAsync();

        Assert.Equivalent(before, await Grain.GetAsync(), strict: true);
        Assert.Equal(3, (await Grain.GetAsync())?.Registration.MaxTasks);

        // What the next activation has read it can also change.
        Assert.True(await Grain.DrainAsync());
        await DeactivateAsync();
        Assert.Equal(admission with { IsDrained = true }, await Grain.NoteAsync(admission.Connection));
        Assert.True(await Grain.LeaveAsync(admission.Connection));
        await DeactivateAsync();
        Assert.Null(await Grain.GetAsync());
    }

    [Fact]
    public async Task Notes_are_not_stored_but_once_an_hour()
    {
        ExecutorAdmission admission = await Grain.RegisterAsync(Registration, null);
        DateTimeOffset registered = _time.GetUtcNow();
        for (int i = 0; i < 60; i++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            await Grain.NoteAsync(admission.Connection);
        }

        Assert.Equal(_time.GetUtcNow(), (await Grain.GetAsync())?.LastSeenAt);
        Assert.Equal(1, _cluster.Storage.WritesOf(_key));

        Assert.True(await Grain.TidyAsync());
        Assert.True(await Grain.TidyAsync());

        Assert.Equal(2, _cluster.Storage.WritesOf(_key));
        await DeactivateAsync();
        Assert.Equal((registered, registered.AddHours(1)), ((await Grain.GetAsync())?.ConnectedAt, (await Grain.GetAsync())?.LastSeenAt));
    }

    [Fact]
    public async Task Executor_that_is_not_heard_of_for_a_day_is_forgotten_with_its_drain()
    {
        ExecutorAdmission gone = await Grain.RegisterAsync(Registration, null);
        await Grain.DrainAsync();
        _time.Advance(TimeSpan.FromHours(23));
        Assert.True(await Grain.TidyAsync());
        Assert.NotNull(await Grain.GetAsync());

        _time.Advance(TimeSpan.FromHours(1));

        Assert.Null(await Grain.GetAsync());
        Assert.False(await Grain.DrainAsync());
        Assert.False(await Grain.TidyAsync());
        Assert.Null(await Grain.NoteAsync(gone.Connection));
        Assert.False((await Grain.RegisterAsync(Registration, null)).IsDrained);
    }

    [Fact]
    public async Task Executor_that_comes_back_after_a_day_is_not_drained_though_nobody_tidied()
    {
        await Grain.RegisterAsync(Registration, null);
        await Grain.DrainAsync();
        _time.Advance(TimeSpan.FromDays(1));

        Assert.False((await Grain.RegisterAsync(Registration, null)).IsDrained);
    }

    [Fact]
    public async Task Storage_that_is_away_is_an_error_of_the_contract_and_only_as_long_as_it_is()
    {
        _cluster.Storage.SetAway(_key, isAway: true);
        await RefusedAsync(Grain.RegisterAsync(Registration, null));
        await RefusedAsync(Grain.DrainAsync());

        _cluster.Storage.SetAway(_key, isAway: false);
        ExecutorAdmission admission = await Grain.RegisterAsync(Registration, null);
        _cluster.Storage.SetAway(_key, isAway: true);
        await RefusedAsync(Grain.DrainAsync());
        await RefusedAsync(Grain.LeaveAsync(admission.Connection));

        // What could not be stored did not happen.
        _cluster.Storage.SetAway(_key, isAway: false);
        Assert.Equal(admission, await Grain.NoteAsync(admission.Connection));
        Assert.True(await Grain.DrainAsync());
    }

    [Fact]
    public async Task Write_that_was_done_and_whose_answer_was_lost_is_done_again_on_top_of_it()
    {
        _cluster.Storage.LoseAnswer(_key);
        ExecutorAdmission admission = await Grain.RegisterAsync(Registration, null);
        Assert.Equal(2, _cluster.Storage.WritesOf(_key));
        _cluster.Storage.LoseAnswer(_key);
        Assert.True(await Grain.DrainAsync());

        await DeactivateAsync();

        Assert.Equal(admission with { IsDrained = true }, await Grain.NoteAsync(admission.Connection));
    }

    private static async Task RefusedAsync(Task call)
    {
        var fault = await Assert.ThrowsAsync<CallFaultException>(() => call);
        var failed = Assert.IsType<StorageException>(fault.Fault.ToException());
        Assert.True(failed.IsTransient);
        Assert.Equal("What is known of executor 'one' could not be read or stored: the database is away", failed.Message);
    }

    private async Task DeactivateAsync() => await _cluster.Silos.DeactivateAsync(Grain);
}
