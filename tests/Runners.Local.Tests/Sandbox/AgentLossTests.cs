using Executor.Tasks;

namespace Executor.Runners.Local.Tests.Sandbox;

public sealed class AgentLossTests
{
    [Fact]
    public async Task Agent_that_is_killed_answers_its_task_and_is_replaced()
    {
        Leftovers before = Leftovers.Now();
        string mark = $"{Random.Shared.Next(100_000, 999_999)}.125";
        await using (LocalRunner local = LocalRunner.Sandboxed())
        {
            Assert.True((await local.RunAsync(new TaskSpec { Language = "python", Code = "pass" })).Success);
            TaskResult result = await local.RunAsync(
                new TaskSpec { Language = "python", Code = $"import subprocess\nprocess = subprocess.Popen(['sleep', '{mark}'])\nprint('running')\nprocess.wait()" },
                async (_, _, _) => await KillAgentsAsync());

            Assert.Equal((ExecutionStatus.Failed, TaskErrorTypes.AgentLost), (result.Status, result.Error?.Type));
            Assert.True(result.IsInfrastructureFailure);
            Assert.True((await local.RunAsync(new TaskSpec { Language = "python", Code = "print('again')" })).Success);
        }

        Leftovers.Now().AssertNothingSince(before);
        Assert.DoesNotContain(Leftovers.CommandLines(), line => line.Contains(mark, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Agent_that_is_killed_while_idle_is_replaced_unnoticed()
    {
        await using LocalRunner local = LocalRunner.Sandboxed();
        Assert.True((await local.RunAsync(new TaskSpec { Language = "python", Code = "pass" })).Success);
        await KillAgentsAsync();

        TaskResult result = await local.RunAsync(new TaskSpec { Language = "python", Code = "print('on')" });

        Assert.Equal((true, "on\n"), (result.Success, result.Stdout));
    }

    private static Task KillAgentsAsync() => Signals.KillAsync([.. Leftovers.OwnAgents()]);
}
