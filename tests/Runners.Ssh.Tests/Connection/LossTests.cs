using Executor.Executors;
using Executor.Runners.Interpreters;
using Executor.Runners.Probing;
using Executor.Runners.Ssh.Options;
using Executor.Runtimes;
using Executor.Scheduling;
using Executor.Sessions;
using Executor.Tasks;
using Microsoft.Extensions.Logging.Abstractions;

namespace Executor.Runners.Ssh.Tests.Connection;

/// <summary>sshd dies, with every connection, as a crash or a power cut has it.</summary>
public sealed class LossTests : IAsyncLifetime
{
    /// <summary>How long a task waits that finds nobody listening, at first.</summary>
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    private SshServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await SshServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Sshd_killed_in_the_middle_of_100_tasks_costs_none_of_them_and_leaves_nothing(bool sandboxed)
    {
        SshCodeExecutorOptions options = _server.Options();
        await using (SshRunner ssh = new(options, sandboxed: sandboxed))
        {
            int ended = 0;
            var some = new TaskCompletionSource();
            Task<TaskResult>[] running = [.. Enumerable.Range(0, 100).Select(async number =>
            {
                TaskResult result = await RetryAsync(ssh, Program(number));
                if (Interlocked.Increment(ref ended) == 20)
                {
                    some.TrySetResult();
                }

                return result;
            })];
            await some.Task;
            await _server.KillAsync();
            await _server.RestartAsync();
            TaskResult[] results = await Task.WhenAll(running);

            Assert.All(results.Index(), pair => Assert.True(
                pair.Item.Success ? pair.Item.Stdout == $"{pair.Index}\n" : pair.Item.IsInfrastructureFailure,
                $"{pair.Index}: {pair.Item.Status} {pair.Item.Error} {pair.Item.Stdout}"));
            Assert.InRange(results.Count(result => result.Success), 95, 100);
        }

        await AssertNothingLeftAsync(options);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_runs_when_the_connection_is_lost_dies_there_and_is_told(bool sandboxed)
    {
        string mark = $"{Random.Shared.Next(100_000, 999_999)}.75";
        SshCodeExecutorOptions options = _server.Options();
        await using SshRunner ssh = new(options, sandboxed: sandboxed);
        TaskResult result = await ssh.RunAsync(
            new TaskSpec { Language = "bash", Code = $"setsid sleep {mark} &\n(setsid sleep {mark} &)\necho running\nsleep {mark}" },
            async (_, _, _) => await _server.KillAsync());

        Assert.Equal((ExecutionStatus.Failed, TaskErrorTypes.AgentLost), (result.Status, result.Error?.Type));
        Assert.Contains($"The connection to SSH host 'throwaway' ({Environment.UserName}@127.0.0.1:{_server.Port}) was lost", result.Error!.Message, StringComparison.Ordinal);
        await AssertNothingLeftAsync(options, mark);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Session_whose_connection_is_lost_is_gone_and_dies_there(bool sandboxed)
    {
        string mark = $"{Random.Shared.Next(100_000, 999_999)}.875";
        SshCodeExecutorOptions options = _server.Options();
        await using RunnerBackends backends = new RunnerBackends().Add(new SshBackend(new SandboxOptions(), NullLogger<SshBackend>.Instance, TimeProvider.System));
        await using (IInterpreter session = await new InterpreterLauncher(RuntimeCatalog.BuiltIn, RuntimeProbe.Shared, backends, new TaskRunnerDefaults(), TimeProvider.System)
            .StartAsync(new SessionSpec { UseSandbox = sandboxed }, options, CancellationToken.None))
        {
            await session.ExecuteAsync(
                $"import subprocess\nsubprocess.Popen(['setsid', 'sleep', '{mark}'])", "<execution>", TimeSpan.FromSeconds(60), (_, _, _) => ValueTask.CompletedTask, CancellationToken.None);
            await _server.KillAsync();
            RunnerException lost = Assert.IsType<RunnerException>(await session.Gone.WaitAsync(TimeSpan.FromSeconds(60)));
            Assert.Equal(TaskErrorTypes.AgentLost, lost.ErrorType);
        }

        await AssertNothingLeftAsync(options, mark);
    }

    [Fact]
    public async Task Idle_connection_that_is_lost_is_replaced_unnoticed()
    {
        await using SshRunner ssh = new(_server.Options());
        Assert.True((await ssh.RunAsync("pass")).Success);
        await _server.KillAsync();
        await _server.RestartAsync();

        TaskResult result = await ssh.RunAsync("print('on')");

        Assert.Equal((true, "on\n"), (result.Success, result.Stdout));
    }

    [Fact]
    public async Task Host_that_comes_back_within_the_time_limit_costs_no_task()
    {
        ObservedTime time = new();
        await using SshRunner ssh = new(_server.Options(), time: time);
        Assert.True((await ssh.RunAsync("pass")).Success);
        await _server.KillAsync();
        Task<TaskResult> running = ssh.RunAsync("print('on')");
        // It has met a closed port.
        await time.WaitedForAsync(FirstPause);
        await _server.RestartAsync();
        time.Advance(FirstPause);

        TaskResult result = await running;

        Assert.True(result.Success, $"{result.Error}");
    }

    private static TaskSpec Program(int number) => new() { Language = "python", Code = $"import time\ntime.sleep(0.05)\nprint({number})" };

    /// <summary>Again after infrastructure failures, as often and with the pauses that the engine grants.</summary>
    private static async Task<TaskResult> RetryAsync(SshRunner ssh, TaskSpec task)
    {
        RetryRules rules = RetryRules.Default;
        for (int failures = 1; ; failures++)
        {
            TaskResult result = await ssh.RunAsync(task);
            if (!result.IsInfrastructureFailure || failures > rules.MaxInfrastructureRetries)
            {
                return result;
            }

            // As the engine waits: tasks of a host that is away for longer than that fail.
            await Task.Delay(rules.Backoff(rules.InfrastructureBackoff, failures, jitter: 0));
        }
    }

    /// <summary>Nobody tells from there when all is clean, the connection being gone; it must be soon.</summary>
    private static Task AssertNothingLeftAsync(SshCodeExecutorOptions options, string? mark = null)
    {
        return Poll.UntilRightAsync(Left, TimeSpan.FromSeconds(5));

        Task<string?> Left()
        {
            string[] left =
            [
                .. HostProcesses.Of(options.WorkDir!),
                .. HostProcesses.CommandLines().Where(line => line.Contains(mark ?? options.WorkDir!, StringComparison.Ordinal)),
                .. Directory.EnumerateFileSystemEntries(options.WorkDir!),
            ];
            return Task.FromResult(left.Length == 0 ? null : $"left there: {string.Join(", ", left)}");
        }
    }
}
