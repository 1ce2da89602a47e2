using Executor.Executors;
using Executor.Runners.Local.Options;
using Executor.Runners.Probing;
using Executor.Runtimes;
using Executor.Tasks;

namespace Executor.Runners.Environments;

/// <summary>What is on disk, whatever happens to those who make it.</summary>
public sealed class RuntimeEnvironmentsTests : IDisposable
{
    private readonly PackageIndex _index = new();

    public void Dispose() => _index.Dispose();

    [Fact]
    public async Task Two_processes_that_ask_for_the_same_install_it_once()
    {
        Requirement.Check(Pip.WhyNot);
        _index.Add("mine", "1.0");
        await using RuntimeEnvironments one = Open(_index.Options);
        await using RuntimeEnvironments two = Open(_index.Options);

        EnvironmentLease[] leases = await Task.WhenAll(RentAsync(one, "mine"), RentAsync(two, "mine"));

        Assert.Equal(leases[0].Folder, leases[1].Folder);
        Assert.Equal([leases[0].Folder], _index.Builds());
        Array.ForEach(leases, lease => lease.Dispose());
    }

    [Fact]
    public async Task Installation_that_is_stopped_leaves_nothing_half_and_the_next_one_succeeds()
    {
        Requirement.Check(Pip.WhyNot);
        using SilentServer server = new();
        RuntimeEnvironments stopped = Open(_index.OptionsOf(server.Url));
        Task<EnvironmentLease> waiting = RentAsync(stopped, "mine");
        await server.Asked;
        string half = Assert.Single(_index.Builds());

        await stopped.DisposeAsync();

        await Assert.ThrowsAsync<RuntimeEnvironmentException>(() => waiting);
        Assert.Empty(_index.Complete());
        Assert.False(Directory.Exists(half));

        // What a killed process leaves: a build without its name in "ready", and the locks, which the system has taken back.
        Directory.CreateDirectory(Path.Join(half, "bin"));
        File.WriteAllText(Path.Join(Path.GetDirectoryName(half), "ready.new"), Path.GetFileName(half));
        _index.Add("mine", "1.0");
        await using RuntimeEnvironments next = Open(_index.Options);
        using EnvironmentLease lease = await RentAsync(next, "mine");
        Assert.Equal([lease.Folder], _index.Builds());
        Assert.NotEqual(half, lease.Folder);
    }

    [Fact]
    public async Task Environment_unused_for_longest_goes_when_there_are_too_many_and_those_in_use_stay()
    {
        Requirement.Check(Pip.WhyNot);
        _index.Add("one", "1.0");
        _index.Add("two", "1.0");
        _index.Add("three", "1.0");
        await using RuntimeEnvironments environments = Open(_index.Options with { MaxCount = 1 });
        EnvironmentLease used = await RentAsync(environments, "one");
        (await RentAsync(environments, "two")).Dispose();
        Assert.Equal(2, _index.Complete().Count);

        EnvironmentLease last = await RentAsync(environments, "three");

        Assert.Equal(new[] { used.Folder, last.Folder }.Order(), _index.Builds().Order());
        used.Dispose();
        last.Dispose();
        using EnvironmentLease again = await RentAsync(environments, "two");
        Assert.Equal([again.Folder], _index.Builds());
    }

    [Fact]
    public async Task Failure_is_remembered_for_a_while_only()
    {
        Requirement.Check(Pip.WhyNot);
        ClockAt time = new();
        await using RuntimeEnvironments environments = new(_index.Options, RuntimeProbe.Shared, time);
        RuntimeEnvironmentException first = await Assert.ThrowsAsync<RuntimeEnvironmentException>(() => RentAsync(environments, "mine"));
        _index.Add("mine", "1.0");

        Assert.Same(first, await Assert.ThrowsAsync<RuntimeEnvironmentException>(() => RentAsync(environments, "mine")));
        time.Now += TimeSpan.FromSeconds(31);

        using EnvironmentLease lease = await RentAsync(environments, "mine");
        Assert.Equal(TaskErrorTypes.RuntimeEnv, first.ErrorType);
    }

    [Theory]
    [InlineData(".config/pip/pip.conf", true)]
    [InlineData(".pip/pip.conf", true)]
    [InlineData(".config/pip/pip.conf", false)]
    public async Task Installer_is_told_by_the_users_home_where_packages_are_but_not_by_one_that_others_can_write(string file, bool isOpen)
    {
        Requirement.Check(Pip.WhyNot);
        using PackageIndex others = new();
        others.Add("mine", "1.0");
        using TemporaryFolder home = new();
        home.Write(file, $"[global]\nfind-links = {others.Options.Variables!["PIP_FIND_LINKS"]}\n");
        Modes.Set(home.Path, (UnixFileMode)(isOpen ? 0b111_111_111 : 0b111_000_000));
        Dictionary<string, string> variables = new(_index.Options.Variables!) { ["HOME"] = home.Path };
        variables.Remove("PIP_FIND_LINKS");
        variables.Remove("XDG_CONFIG_HOME");
        await using RuntimeEnvironments environments = Open(_index.Options with { Variables = variables });

        Task<EnvironmentLease> renting = RentAsync(environments, "mine");

        if (isOpen)
        {
            await Assert.ThrowsAsync<RuntimeEnvironmentException>(() => renting);
        }
        else
        {
            using EnvironmentLease lease = await renting;
        }
    }

    [Fact]
    public async Task Environments_are_their_users_alone_and_only_what_is_installed_can_be_read_by_whoever_tasks_run_as()
    {
        Requirement.Check(Pip.WhyNot);
        _index.Add("mine", "1.0");
        await using RuntimeEnvironments environments = Open(_index.Options);

        using EnvironmentLease lease = await RentAsync(environments, "mine");

        string key = Path.GetDirectoryName(lease.Folder)!;
        Assert.Equal((UnixFileMode)0b111_000_000, Modes.Of(_index.Environments));
        Assert.Equal((UnixFileMode)0b111_000_000, Modes.Of(key));
        Assert.All(Directory.EnumerateFiles(key), file => Assert.Equal((UnixFileMode)0b110_000_000, Modes.Of(file)));
        Assert.Equal((UnixFileMode)0b111_101_101, Modes.Of(lease.Folder));
        Assert.All(
            Directory.EnumerateFiles(lease.Folder, "*.py", SearchOption.AllDirectories),
            file => Assert.Equal((UnixFileMode)0b000_100_100, Modes.Of(file) & (UnixFileMode)0b000_111_111));
    }

    private static RuntimeEnvironments Open(RuntimeEnvironmentOptions options) => new(options, RuntimeProbe.Shared, TimeProvider.System);

    private static Task<EnvironmentLease> RentAsync(RuntimeEnvironments environments, params string[] packages) => environments.RentAsync(
        new EnvironmentRequest(RuntimeCatalog.BuiltIn.Find("python")!, LocalCodeExecutorOptions.Default, packages), CancellationToken.None);

    /// <summary>The system's clock with another time of day; its timers are real, as pip's processes are.</summary>
    private sealed class ClockAt : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UtcNow;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
