using Executor.Executors;
using Executor.Runners.Ssh.Options;
using Executor.Tasks;

namespace Executor.Runners.Ssh.Tests;

public sealed class FallbackTests
{
    [Fact]
    public async Task Host_that_allows_no_sandbox_runs_tasks_as_plain_processes_and_says_so()
    {
        // Whoever logs in is root in a namespace that has no other user: nobody to become.
        await using SshServer server = await SshServer.StartAsync("ForceCommand unshare --user --map-root-user sh -c \"$SSH_ORIGINAL_COMMAND\"");
        SshCodeExecutorOptions options = server.Options();
        await using SshRunner ssh = new(options);

        SshHostReport report = await ssh.Backend.CheckAsync(options, CancellationToken.None);
        TaskResult result = await ssh.RunAsync("import os; print(os.getcwd())");

        Assert.NotNull(report.SandboxProblem);
        Assert.True(result.Success, $"{result.Error} {result.Stderr}");
        Assert.StartsWith($"{options.WorkDir}/executor-ssh-", result.Stdout, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Login_shell_that_prints_is_told_so()
    {
        await using SshServer server = await SshServer.StartAsync("ForceCommand echo Welcome; sh -c \"$SSH_ORIGINAL_COMMAND\"");
        await using SshRunner ssh = new(server.Options());

        TaskResult result = await ssh.RunAsync("pass");

        Assert.Equal(TaskErrorTypes.SshUnavailable, result.Error?.Type);
        Assert.Contains("prints text before it runs a command", result.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Idle_agents_of_other_kinds_make_room()
    {
        await using SshServer server = await SshServer.StartAsync();
        await using SshRunner ssh = new(server.Options() with { MaxTasks = 1 });

        for (int turn = 0; turn < 2; turn++)
        {
            TaskResult closed = await ssh.RunAsync(new TaskSpec { Language = "bash", Code = "echo $((1 + 1))" });
            TaskResult open = await ssh.RunAsync(new TaskSpec { Language = "python", Code = "print(3)", Limits = new() { Network = true } });

            Assert.Equal(("2\n", "3\n"), (closed.Stdout, open.Stdout));
            // sh for the keeper, and one agent: outer process, its pid 1, the task that waits and that task's pid 1.
            Assert.InRange(HostProcesses.Of(server.Folder).Count(), 1, 4);
        }
    }
}
