using System.Diagnostics;
using Executor.Runners.Agent;
using Executor.Tasks;

namespace Executor.Runners.Ssh.Tests.Connection;

/// <summary>A connection over which nothing comes any more, though nobody closed it: a cable was pulled.</summary>
public sealed class SilenceTests
{
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Connection_that_does_not_answer_is_lost_and_replaced()
    {
        await using SshServer server = await SshServer.StartAsync();
        var time = new ObservedTime();
        await using SshRunner ssh = new(server.Options(), time: time);
        Assert.True((await ssh.RunAsync("pass")).Success);
        int[] sessions = [.. HostProcesses.DescendantsOf(server.ProcessId).Where(pid => HostProcesses.Name(pid) == "sshd")];
        Assert.NotEmpty(sessions);
        await time.WaitedForAsync(KeepAlive);
        await Signals.StopAsync(sessions);
        Task<TaskResult> running = ssh.RunAsync(new TaskSpec { Language = "python", Code = "print('on')" });
        try
        {
            // The first wait is over: we ask whether it is there. The second one is, too: it is not.
            time.Advance(KeepAlive);
            await time.WaitedForAsync(KeepAlive);
            time.Advance(KeepAlive);
            TaskResult result = await running;
            Assert.Equal((true, "on\n"), (result.Success, result.Stdout));
        }
        finally
        {
            await Signals.ContinueAsync(sessions);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(",\"folder\":\"/tmp\"")]
    public async Task Agent_that_hears_nothing_ends(string folder)
    {
        var start = new ProcessStartInfo("/usr/bin/python3", ["-c", AgentSource.Bootstrap]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["EXECUTOR_AGENT_DIR"] = AgentSource.Folder;
        using Process agent = Process.Start(start)!;
        byte[] configuration = System.Text.Encoding.UTF8.GetBytes(
            "{\"op\":\"configure\",\"network\":false,\"disk_mb\":16,\"read_only_paths\":[],\"preload\":[],\"extra_files\":{},\"silence_sec\":1" + folder + "}");
        await agent.StandardInput.BaseStream.WriteAsync(new byte[] { 0, 0, 0, (byte)configuration.Length, 0, 0, 0, 0 }.Concat(configuration).ToArray());
        await agent.StandardInput.BaseStream.FlushAsync();

        // Its input stays open: all it can go by is that nothing comes.
        using var timeLimit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await agent.WaitForExitAsync(timeLimit.Token);

        Assert.True(agent.HasExited);
    }
}
