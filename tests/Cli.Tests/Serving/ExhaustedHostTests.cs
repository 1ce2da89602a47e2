using System.Text.Json;

namespace Executor.Cli.Serving;

/// <summary>A worker whose machine has no more files for a task's process.</summary>
public sealed class ExhaustedHostTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("executor-server-tests-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Plain_task_that_finds_no_more_files_is_repeated_and_is_not_to_blame()
    {
        await File.WriteAllTextAsync(
            Path.Combine(_folder.FullName, "config.yaml"), "executors:\n  one: {max_tasks: 1, capabilities: [apart]}\n");
        await using ServerProcess server = await ServerProcess.StartAsync(_folder.FullName, "--config", "config.yaml");
        await server.SubmitAsync([Plain("before")]);
        Assert.Equal("COMPLETED", (await server.ResultAsync("before")).GetProperty("status").GetString());
        int[] worker = [.. HostProcesses.ChildrenOf(server.Id).Where(id => HostProcesses.Arguments(id).Contains("worker"))];

        using (FileLimit.Lower(worker))
        {
            await server.SubmitAsync([Plain("task")]);
            await Poll.UntilAsync("it waits for another attempt", async () => (await server.GetAsync("/tasks/task")).GetProperty("attempt").GetInt32() > 1);
        }

        JsonElement result = await server.ResultAsync("task");
        Assert.Equal(("COMPLETED", "well\n"), (result.GetProperty("status").GetString(), result.GetProperty("stdout").GetString()));
        Assert.Contains("infrastructure.host: The host has no room for another process: ", server.Printed, StringComparison.Ordinal);
    }

    private static object Plain(string id) =>
        new { task_id = id, command = new[] { "echo", "well" }, use_sandbox = false, capabilities = new[] { "apart" } };
}
