using Executor.Executors;
using Executor.Runners.Ssh.Options;
using Executor.Tasks;
using Executor.Text;

namespace Executor.Runners.Ssh.Tests;

/// <summary>A user without privileges, who logs in with a password.</summary>
public sealed class UnprivilegedUserTests
{
    [Fact]
    public async Task Password_logs_in_and_tasks_are_isolated_or_plain_as_asked()
    {
        Requirement.Root("make a user for it");
        await using SshServer server = await SshServer.StartAsync();
        await using HostUser user = await HostUser.CreateAsync();
        await using (SshRunner ssh = new(OptionsOf(server, user)))
        {
            SshHostReport report = await ssh.Backend.CheckAsync(OptionsOf(server, user), CancellationToken.None);
            TaskResult result = await ssh.RunAsync("import os; print(os.getcwd(), os.getuid())");

            Assert.True(result.Success, $"{result.Error}");
            Assert.Equal(report.SandboxProblem is null, result.Stdout == "/work 1000\n");
        }

        Assert.Equal("", await user.FilesInAsync("/tmp"));
    }

    [Fact]
    public async Task Without_a_sandbox_limits_hold_and_daemons_die_all_the_same()
    {
        Requirement.Root("make a user for it");
        string mark = $"{Random.Shared.Next(100_000, 999_999)}.375";
        await using SshServer server = await SshServer.StartAsync();
        await using HostUser user = await HostUser.CreateAsync();
        await using (SshRunner ssh = new(OptionsOf(server, user), sandboxed: false))
        {
            TaskResult who = await ssh.RunAsync("import getpass, os; print(getpass.getuser(), os.getcwd())");
            TaskResult memory = await ssh.RunAsync("print('go')\nkept = []\nwhile True: kept.append(bytearray(1 << 20))");
            TaskResult cpu = await ssh.RunAsync(new TaskSpec { Language = "python", Code = "while True: pass", Limits = new() { CpuTime = 1 } });
            TaskResult daemons = await ssh.RunAsync(new TaskSpec { Language = "bash", Code = $"setsid nohup sleep {mark} >/dev/null 2>&1 &\n(setsid sleep {mark} &)\necho started" });

            Assert.StartsWith($"{user.Name} /tmp/executor-ssh-", who.Stdout, StringComparison.Ordinal);
            Assert.Contains(memory.Error?.Type, new[] { TaskErrorTypes.OutOfMemory, "MemoryError" });
            Assert.Equal(TaskErrorTypes.CpuTimeLimit, cpu.Error?.Type);
            Assert.Equal("started\n", daemons.Stdout);
            Assert.DoesNotContain(HostProcesses.All().Select(HostProcesses.CommandLine), line => line.Contains(mark, StringComparison.Ordinal));
        }

        Assert.Equal("", await user.FilesInAsync("/tmp"));
    }

    private static SshCodeExecutorOptions OptionsOf(SshServer server, HostUser user) =>
        server.Options() with { Username = user.Name, PrivateKey = null, Password = new Secret(user.Password), WorkDir = null };
}
