using System.Text.Json;
using Executor.Limits;
using Executor.Runners.Workspaces;
using Executor.Tasks;

namespace Executor.Runners.Agent;

public sealed class AgentWorkspaceTests
{
    private static readonly ProcessSpec Program = new()
    {
        Argv = ["program"],
        Env = new Dictionary<string, string>(),
        Limits = LimitResolver.Resolve(null),
        Output = (_, _, _) => ValueTask.CompletedTask,
    };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Process_that_the_machine_has_no_room_for_is_a_fault_of_ours_and_any_other_that_does_not_start_is_the_tasks(bool exhausted)
    {
        AgentStub agent = new();
        await using AgentConnection connection = new(agent, new AgentOptions { DiskMb = 1 });
        await using IWorkspace workspace = connection.Open(diskMb: 1, _ => ValueTask.CompletedTask);
        IRunningProcess process = await workspace.StartAsync(Program, CancellationToken.None);

        agent.Say("exit", json => WriteExit(json, "it is so", exhausted));

        await AssertEndAsync(exhausted, process);
        agent.Say("closed", _ => { });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task File_that_the_machine_has_no_room_for_is_a_fault_of_ours_and_any_other_that_can_not_be_written_is_the_tasks(bool exhausted)
    {
        AgentStub agent = new();
        await using AgentConnection connection = new(agent, new AgentOptions { DiskMb = 1 });
        await using IWorkspace workspace = connection.Open(diskMb: 1, _ => ValueTask.CompletedTask);
        await workspace.PutAsync([new WorkspaceFile("a.txt", "a"u8.ToArray())], CancellationToken.None);
        IRunningProcess process = await workspace.StartAsync(Program, CancellationToken.None);

        agent.Say("failed", json =>
        {
            json.WriteString("what", "put");
            json.WriteString("path", "a.txt");
            json.WriteString("message", "it is so");
            json.WriteBoolean("exhausted", exhausted);
        });
        agent.Say("exit", json => WriteExit(json, startError: null, exhausted: false));

        await AssertEndAsync(exhausted, process);
        agent.Say("closed", _ => { });
    }

    private static void WriteExit(Utf8JsonWriter json, string? startError, bool exhausted)
    {
        json.WriteNumber("process", 1);
        json.WriteNumber("exit_code", 127);
        json.WriteNull("signal");
        json.WriteNumber("cpu_time", 0);
        json.WriteNumber("peak_memory", 0);
        json.WriteBoolean("oom_killed", false);
        json.WriteBoolean("cpu_exceeded", false);
        json.WriteString("start_error", startError);
        json.WriteBoolean("exhausted", exhausted);
    }

    private static async Task AssertEndAsync(bool exhausted, IRunningProcess process)
    {
        if (exhausted)
        {
            RunnerException ours = await Assert.ThrowsAsync<RunnerException>(() => process.WaitAsync(CancellationToken.None));
            Assert.Equal(TaskErrorTypes.HostExhausted, ours.ErrorType);
            Assert.Contains("it is so", ours.Message, StringComparison.Ordinal);
        }
        else
        {
            Assert.Contains("it is so", (await process.WaitAsync(CancellationToken.None)).StartError, StringComparison.Ordinal);
        }
    }
}
