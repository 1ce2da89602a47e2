using System.Globalization;
using Docker.DotNet;
using Docker.DotNet.Models;
using Executor.Engine;
using Executor.Executors;
using Executor.Runners.Docker.Options;
using Executor.Runners.Probing;
using Executor.Storage;
using Executor.Tasks;
using Microsoft.Extensions.Logging.Abstractions;

using TaskSpec = Executor.Tasks.TaskSpec;

namespace Executor.Runners.Docker.Tests.Engine;

/// <summary>An engine that is killed and comes back.</summary>
public sealed class EngineLossTests : IClassFixture<EngineFixture>
{
    private static readonly int Tasks = FaultSize.Tasks(40);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private static readonly DockerCodeExecutorOptions Python = new() { Name = "py", Image = EngineFixture.Python };
    private readonly Dockerd _dockerd;

    /// <param name="engine">One of these tests' own, which they may crash.</param>
    public EngineLossTests(EngineFixture engine) => _dockerd = engine.Dockerd;

    [Fact]
    public async Task Killed_in_the_middle_of_many_tasks_each_ends_once_and_nothing_is_left()
    {
        await using (DockerBackend backend = new(TimeProvider.System, _dockerd.Endpoint))
        {
            var runner = new TaskRunner(
                Runtimes.RuntimeCatalog.BuiltIn, RuntimeProbe.Shared, new RunnerBackends().Add(backend), new TaskRunnerDefaults(), TimeProvider.System);
            await using ExecutionEngine engine = new(new InMemoryTaskStore(TimeProvider.System), new EngineOptions(), TimeProvider.System, NullLogger.Instance);
            await engine.StartAsync(CancellationToken.None);
            await using TaskWorker worker = new(new RunnerAttempts("one", [Python], runner).RunAsync);
            await engine.RegisterLocalAsync(
                new ExecutorRegistration { ExecutorId = "one", Host = "here", MaxTasks = 4, Runners = [RunnerKind.Docker], CodeExecutors = [Python.Name] },
                worker);

            IReadOnlyList<Execution.TaskReceipt> receipts = await engine.SubmitAsync(
                [.. Enumerable.Range(0, Tasks).Select(number => new TaskSpec
                {
                    TaskId = string.Create(CultureInfo.InvariantCulture, $"t{number}"),
                    Language = "python",
                    Code = $"import time; time.sleep(0.02); print({number} * {number})",
                    Executor = Python.Name,
                })],
                CancellationToken.None);
            Assert.Equal(Tasks, receipts.Count);
            Assert.NotNull(await engine.WaitAsync("t10", Limit, CancellationToken.None));
            await _dockerd.CrashAsync();
            await _dockerd.StartAsync();

            int right = 0;
            for (int number = 0; number < Tasks; number++)
            {
                TaskResult? result = await engine.WaitAsync(string.Create(CultureInfo.InvariantCulture, $"t{number}"), Limit, CancellationToken.None);
                Assert.NotNull(result);
                Assert.True(
                    result.Success ? result.Stdout == $"{number * number}\n" : result.IsInfrastructureFailure,
                    $"{number}: {result.Status} {result.Error} {result.Stdout} {result.Stderr}");
                right += result.Success ? 1 : 0;
            }

            Assert.InRange(right, Tasks - 8, Tasks);
        }

        Assert.Empty(await DockerTest.LeftAsync(_dockerd.Endpoint));
    }

    [Fact]
    public async Task Away_and_back_again_the_same_backend_goes_on()
    {
        await using DockerRunner docker = DockerRunner.On(_dockerd.Endpoint);
        var task = new TaskSpec { Language = "python", Code = "print('ok')" };
        TaskResult[] before = [await docker.RunAsync(task, Python), await docker.RunAsync(task, Python)];
        await docker.Backend.PreparedAsync();

        await _dockerd.CrashAsync();
        TaskResult during = await docker.RunAsync(task, Python);
        await _dockerd.StartAsync();
        TaskResult after = await docker.RunAsync(task, Python);

        Assert.All(before, result => Assert.True(result.Success, result.ToString()));
        Assert.Equal(TaskErrorTypes.EngineUnavailable, during.Error?.Type);
        Assert.Equal("ok\n", after.Stdout);
    }
}
