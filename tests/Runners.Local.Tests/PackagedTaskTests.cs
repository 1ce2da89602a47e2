using Executor.Engine.Jobs;
using Executor.Runners.Environments;
using Executor.Runners.Local.Options;
using Executor.Runners.Probing;
using Executor.Runtimes;
using Executor.Storage;
using Executor.Tasks;
using Microsoft.Extensions.Logging.Abstractions;

namespace Executor.Runners.Local.Tests;

/// <summary>Tasks that ask for packages, from the request to the import.</summary>
public sealed class PackagedTaskTests : IAsyncLifetime
{
    private readonly PackageIndex _index = new();
    private RuntimeEnvironments _environments = null!;
    private LocalRunner _local = null!;

    public ValueTask InitializeAsync()
    {
        Use(_index.Options);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _local.DisposeAsync();
        await _environments.DisposeAsync();
        _index.Dispose();
    }

    [Fact]
    public async Task Task_imports_the_package_it_asks_for_and_what_that_requires()
    {
        Requirement.Check(Pip.WhyNot);
        _index.Add("upper", "1.0", "import lower\nNAME = 'upper on ' + lower.NAME", requires: "lower>=2");
        _index.Add("lower", "1.0", "NAME = 'lower 1'");
        _index.Add("lower", "2.0", "NAME = 'lower 2'");

        TaskResult result = await RunAsync("import sys, upper\nprint(upper.NAME, sys.prefix != sys.base_prefix)", "Upper");

        Assert.Equal("upper on lower 2 True\n", Successful(result).Stdout);
    }

    [Fact]
    public async Task Second_task_of_an_environment_is_warm_and_like_a_cold_one()
    {
        Requirement.Check(Pip.WhyNot);
        _index.Add("mine", "1.0", "NAME = 'mine'");
        const string code = """
            import sys, site, sysconfig, os, mine
            print(mine.NAME, mine.__file__, sys.prefix, sys.exec_prefix, sys.base_prefix, sys.executable, sys.path)
            print(site.PREFIXES, site.ENABLE_USER_SITE, sysconfig.get_path('purelib'), os.environ['PATH'], exit, quit, copyright)
            """;

        TaskResult first = await RunAsync(code, "mine");
        TaskResult second = await RunAsync(code, "mine");
        TaskResult warmed = await RunAsync("import sys\nprint('ctypes' in sys.modules)", "mine");
        await using LocalRunner cold = LocalRunner.Cold(_environments);
        TaskResult started = await cold.RunAsync(TaskOf(code, "mine"));

        Assert.Equal(Successful(started).Stdout, Successful(first).Stdout);
        Assert.Equal(started.Stdout, Successful(second).Stdout);
        Assert.Equal("True\n", Successful(warmed).Stdout); // which the agent needs, and loads
    }

    [Fact]
    public async Task Different_sets_are_apart_from_one_another_and_from_tasks_without_packages()
    {
        Requirement.Check(Pip.WhyNot);
        _index.Add("mine", "1.0", "VERSION = 1");
        _index.Add("mine", "2.0", "VERSION = 2");
        const string code = "import mine\nprint(mine.VERSION)";

        TaskResult[] results = await Task.WhenAll(RunAsync(code, "mine==1.0"), RunAsync(code, "mine==2.0"), _local.RunAsync(new TaskSpec { Language = "python", Code = code }));

        Assert.Equal("1\n", Successful(results[0]).Stdout);
        Assert.Equal("2\n", Successful(results[1]).Stdout);
        Assert.Equal("ModuleNotFoundError", results[2].Error?.Type);
    }

    [Fact]
    public async Task Code_of_a_package_that_runs_at_start_runs_in_the_sandbox_only()
    {
        Requirement.Check(Pip.WhyNot);
        string mark = Path.Join(Path.GetTempPath(), $"start-{Guid.NewGuid():N}");
        string code = $"import os; open('{mark}', 'w').write(str(os.getuid()))";
        _index.Add("hook", "1.0", files: [("hook.pth", code + "\n"), ("sitecustomize.py", code + "\n"), ("hook-1.0.data/scripts/pyvenv.cfg", "home = /nowhere\n"), ("hook-1.0.data/scripts/python", "#!/bin/sh\nexit 9\n")]);

        TaskResult result = await RunAsync($"print(open('{mark}').read())", "hook");
        TaskResult again = await RunAsync("print('again')", "hook");

        Assert.Equal("1000\n", Successful(result).Stdout); // it did run, as the task
        Assert.Equal("again\n", Successful(again).Stdout);
        Assert.False(File.Exists(mark));
    }

    [Fact]
    public async Task Programs_of_a_package_start_with_its_environment()
    {
        Requirement.Check(Pip.WhyNot);
        _index.Add("tool", "1.0", "def main():\n    print('tool runs')", files: [("tool-1.0.dist-info/entry_points.txt", "[console_scripts]\nmy-tool = tool:main\n")]);

        TaskResult result = await RunAsync("import subprocess\nprint(subprocess.run(['my-tool'], capture_output=True, text=True).stdout, end='')", "tool");

        Assert.Equal("tool runs\n", Successful(result).Stdout);
    }

    [Fact]
    public async Task Unsandboxed_task_has_its_packages_too()
    {
        Requirement.Check(Pip.WhyNot);
        _index.Add("mine", "1.0", "NAME = 'mine'");
        await using LocalRunner plain = LocalRunner.Plain(_environments);

        TaskResult result = await plain.RunAsync(TaskOf("import mine\nprint(mine.NAME)", "mine"));

        Assert.Equal("mine\n", Successful(result).Stdout);
    }

    [Fact]
    public async Task Fifty_tasks_at_once_install_their_set_once_as_one_job()
    {
        Requirement.Check(Pip.WhyNot);
        _index.Add("one", "1.0", "N = 1");
        _index.Add("two", "1.0", "N = 2");
        await using InMemoryTaskStore store = new(TimeProvider.System);
        await using JobRunner jobs = await WithJobsAsync(store);

        TaskResult[] results = await Task.WhenAll(Enumerable.Range(0, 50).Select(n =>
            RunAsync($"import one, two\nprint(one.N + two.N + {n})", n % 2 == 0 ? ["one", "two>=1"] : ["Two >=1", "one"])));

        Assert.Equal(Enumerable.Range(3, 50).Select(n => $"{n}\n"), results.Select(result => Successful(result).Stdout));
        JobRecord job = Assert.Single(await jobs.ListAsync(100, CancellationToken.None));
        Assert.Equal((ExecutionStatus.Completed, 1.0), (job.Status, job.Progress));
        Assert.Contains("Successfully installed", await jobs.GetLogAsync(job.JobId, CancellationToken.None), StringComparison.Ordinal);
        Assert.Single(_index.Builds());
    }

    [Fact]
    public async Task Package_that_is_not_there_fails_the_task_with_its_name_and_the_job()
    {
        Requirement.Check(Pip.WhyNot);
        _index.Add("mine", "1.0");
        await using InMemoryTaskStore store = new(TimeProvider.System);
        await using JobRunner jobs = await WithJobsAsync(store);

        TaskResult[] results = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => RunAsync("pass", "no-such-thing")));
        TaskResult later = await RunAsync("pass", "no-such-thing");
        TaskResult version = await RunAsync("pass", "mine>=3");

        JobRecord[] ran = [.. await jobs.ListAsync(100, CancellationToken.None)];
        Assert.Equal(2, ran.Length);
        Assert.All([.. results, later], result =>
        {
            Assert.Equal(TaskErrorTypes.RuntimeEnv, result.Error?.Type);
            Assert.Contains("no package no-such-thing", result.Error!.Message, StringComparison.Ordinal);
            Assert.Contains(ran[1].JobId, result.Error.Message, StringComparison.Ordinal);
        });
        Assert.Contains("no version of mine>=3 that matches; there are: 1.0", version.Error!.Message, StringComparison.Ordinal);
        Assert.Empty(_index.Builds());
    }

    [Fact]
    public async Task Index_that_can_not_be_reached_is_said_so_within_seconds()
    {
        Requirement.Check(Pip.WhyNot);
        await ReopenAsync(_index.OptionsOf(PackageIndex.ClosedAddress()));

        TaskResult result = await RunAsync("pass", "mine");

        Assert.Equal(TaskErrorTypes.RuntimeEnv, result.Error?.Type);
        Assert.StartsWith("the package index can't be reached (127.0.0.1)", result.Error!.Message, StringComparison.Ordinal);
        Assert.True(result.DurationSec < 30, $"{result.DurationSec} s");
    }

    [Fact]
    public async Task Cancelled_installation_fails_the_tasks_that_wait_for_it()
    {
        Requirement.Check(Pip.WhyNot);
        using SilentServer server = new();
        await ReopenAsync(_index.OptionsOf(server.Url));
        await using InMemoryTaskStore store = new(TimeProvider.System);
        await using JobRunner jobs = await WithJobsAsync(store);
        Task<TaskResult>[] waiting = [.. Enumerable.Range(0, 3).Select(_ => RunAsync("pass", "mine"))];
        await server.Asked;
        JobRecord job = Assert.Single(await jobs.ListAsync(10, CancellationToken.None));

        await jobs.CancelAsync(job.JobId, CancellationToken.None);

        Assert.All(await Task.WhenAll(waiting), result =>
        {
            Assert.Equal((ExecutionStatus.Failed, TaskErrorTypes.RuntimeEnv), (result.Status, result.Error?.Type));
            Assert.Contains($"job {job.JobId} was cancelled", result.Error!.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Cancelled_task_leaves_the_installation_to_others()
    {
        Requirement.Check(Pip.WhyNot);
        using SilentServer server = new();
        await ReopenAsync(_index.OptionsOf(server.Url));
        using CancellationTokenSource cancel = new();
        Task<TaskResult> waiting = _local.RunAsync(TaskOf("pass", "mine"), cancellationToken: cancel.Token);
        await server.Asked;

        await cancel.CancelAsync();

        Assert.Equal(ExecutionStatus.Cancelled, (await waiting).Status);
    }

    [Fact]
    public async Task Only_python_has_packages()
    {
        TaskResult node = await _local.RunAsync(TaskOf("", "left-pad") with { Language = "node" });
        TaskResult command = await _local.RunAsync(new TaskSpec { Command = ["true"], RuntimeEnv = new RuntimeEnv { Packages = ["mine"] } });

        Assert.Equal("runtime_env.packages: only Python tasks can have packages; this is a node task", node.Error!.Message);
        Assert.Equal("runtime_env.packages: only Python tasks can have packages; this is a command", command.Error!.Message);
    }

    private static TaskSpec TaskOf(string code, params string[] packages) =>
        new() { Language = "python", Code = code, RuntimeEnv = new RuntimeEnv { Packages = packages } };

    private static TaskResult Successful(TaskResult result)
    {
        Assert.True(result.Success, $"{result.Error} {result.Stderr}");
        return result;
    }

    private Task<TaskResult> RunAsync(string code, params string[] packages) => _local.RunAsync(TaskOf(code, packages));

    private void Use(RuntimeEnvironmentOptions options)
    {
        _environments = new RuntimeEnvironments(options, RuntimeProbe.Shared, TimeProvider.System);
        _local = LocalRunner.Sandboxed(environments: _environments);
    }

    private async Task ReopenAsync(RuntimeEnvironmentOptions options)
    {
        await _local.DisposeAsync();
        await _environments.DisposeAsync();
        Use(options);
    }

    private async Task<JobRunner> WithJobsAsync(ITaskStore store)
    {
        JobRunner jobs = await JobRunner.OpenAsync(
            store,
            [new RuntimeEnvInstall(_environments, RuntimeCatalog.BuiltIn, [LocalCodeExecutorOptions.Default])],
            new JobRunnerOptions(),
            TimeProvider.System,
            NullLogger<JobRunner>.Instance,
            CancellationToken.None);
        _environments.Jobs = jobs;
        return jobs;
    }
}
