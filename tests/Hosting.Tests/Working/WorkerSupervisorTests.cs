using System.Diagnostics;
using Executor.Configuration;
using Executor.Tasks;
using Executor.Text;

namespace Executor.Hosting.Working;

public sealed class WorkerSupervisorTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("executor-workers-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Workers_of_two_environments_each_get_only_the_tasks_whose_capabilities_they_have()
    {
        WorkerOptions[] workers =
        [
            new() { Name = "old", Capabilities = ["lib1"], Python = await MakeEnvironmentAsync("one"), Env = new Dictionary<string, string> { ["A"] = "1" } },
            new() { Name = "new", Capabilities = ["lib2"], Python = await MakeEnvironmentAsync("two"), MaxTasks = 2 },
        ];
        await using TestServer server = await TestServer.StartAsync(apiKey: "sesame");
        await using WorkerSupervisor supervisor = Start(server, workers, _ => { }, "sesame");

        string[] ids = [.. await Task.WhenAll(Enumerable.Range(0, 12).Select(i => server.SubmitAsync("import mine\nprint(mine.NAME)", i % 2 == 0 ? "lib1" : "lib2")))];
        TaskResult[] results = await Task.WhenAll(ids.Select(server.ResultAsync));

        Assert.Equal(Enumerable.Range(0, 12).Select(i => i % 2 == 0 ? "one\n" : "two\n"), results.Select(result => result.Stdout));
        Assert.Equal(Enumerable.Range(0, 12).Select(i => i % 2 == 0 ? "old" : "new"), results.Select(result => result.ExecutorId));
    }

    [Fact]
    public async Task Worker_that_is_killed_is_started_again_and_its_task_runs_again()
    {
        await using TestServer server = await TestServer.StartAsync();
        TaskCompletionSource restarted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using WorkerSupervisor supervisor = Start(server, [new WorkerOptions { Name = "w1" }], line =>
        {
            if (line.Contains("ended with exit code 137; starting it again", StringComparison.Ordinal))
            {
                restarted.TrySetResult();
            }
        });
        using Gate gate = new();
        string id = await server.SubmitAsync(gate);
        await server.SeeOutputAsync(id);
        int process = Assert.Single(supervisor.ProcessIds);
        await Signals.KillAsync(process);
        gate.Open();
        TaskResult result = await server.ResultAsync(id);

        await restarted.Task;
        Assert.Equal((ExecutionStatus.Completed, 2), (result.Status, result.Attempt));
        Assert.NotEqual(process, Assert.Single(supervisor.ProcessIds));
    }

    [Fact]
    public async Task Worker_that_was_asked_to_drain_is_not_started_again()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using WorkerSupervisor supervisor = Start(server, [new WorkerOptions { Name = "w1" }], _ => { });
        await server.SeeAsync("w1", _ => true);
        Assert.True(await server.Engine.DrainExecutorAsync("w1", CancellationToken.None));
        await server.SeeGoneAsync("w1");
        await supervisor.StopAsync(TimeSpan.FromMinutes(1));
        Assert.Empty(supervisor.ProcessIds);
    }

    [Fact]
    public async Task Stop_lets_workers_finish_within_the_grace()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using WorkerSupervisor supervisor = Start(server, [new WorkerOptions { Name = "w1" }], _ => { });
        using Gate gate = new();
        string id = await server.SubmitAsync(gate);
        await server.SeeOutputAsync(id);
        Task stopping = supervisor.StopAsync(TimeSpan.FromMinutes(1));
        await server.SeeAsync("w1", info => info.Status == Executors.ExecutorStatus.Draining);
        gate.Open();
        await stopping;
        Assert.Equal("on\ndone\n", (await server.ResultAsync(id)).Stdout);
        await server.SeeGoneAsync("w1");
    }

    [Fact]
    public async Task Worker_that_can_not_be_started_is_told_and_tried_again()
    {
        await using TestServer server = await TestServer.StartAsync();
        TaskCompletionSource<string> said = new(TaskCreationOptions.RunContinuationsAsynchronously);
        WorkerLaunch launch = new() { Connect = server.Address, Program = ["/no/such/program"] };
        await using WorkerSupervisor supervisor = WorkerSupervisor.Start(
            [new WorkerOptions { Name = "w1" }], launch, line => said.TrySetResult(line), TimeProvider.System);
        Assert.Contains("worker w1 could not be started", await said.Task, StringComparison.Ordinal);
    }

    private static WorkerSupervisor Start(TestServer server, WorkerOptions[] workers, Action<string> say, string? apiKey = null) => WorkerSupervisor.Start(
        [.. workers.Select(worker => worker with { Env = new Dictionary<string, string>(worker.Env) { ["EXECUTOR_CONFIG"] = "" } })],
        new WorkerLaunch
        {
            Connect = server.Address,
            ApiKey = apiKey is null ? null : new Secret(apiKey),
            Program = ["dotnet", WorkerProcess.Assembly],
        },
        say,
        TimeProvider.System);

    /// <summary>A virtual environment with a module of its own.</summary>
    private async Task<string> MakeEnvironmentAsync(string name)
    {
        string home = Path.Combine(_folder, name);
        using Process process = Process.Start("/usr/bin/python3", ["-m", "venv", "--without-pip", home]);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        string packages = Directory.GetDirectories(Path.Combine(home, "lib"), "python3*").Single() + "/site-packages";
        await File.WriteAllTextAsync(Path.Combine(packages, "mine.py"), $"NAME = '{name}'\n");
        return Path.Combine(home, "bin/python");
    }
}
