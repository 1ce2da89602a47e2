using Executor.Tasks;

namespace Executor.Hosting.Working;

public sealed class ReconnectTests
{
    [Fact]
    public async Task Connection_cut_again_and_again_costs_neither_tasks_nor_output()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using DroppingProxy proxy = new(server.Http);
        await using WorkerProcess worker = WorkerProcess.Start(proxy.Address, "--id", "w1", "--max-tasks", "2");
        const string code = """
            import time
            for i in range(3000):
                print(i, "x" * 60)
                if i % 10 == 0:
                    time.sleep(0.01)
            """;
        string[] ids = [await server.SubmitAsync(code), await server.SubmitAsync(code)];
        Task<string>[] watched = [.. ids.Select(server.WatchAsync)];
        foreach (string id in ids)
        {
            await server.SeeOutputAsync(id);
        }

        int cuts = 0;
        while (!watched.Any(watch => watch.IsCompleted))
        {
            proxy.Cut();
            cuts++;
            await await Task.WhenAny(proxy.PassedAsync(16 << 10), Task.WhenAll(watched));
        }

        string wanted = string.Concat(Enumerable.Range(0, 3000).Select(i => $"{i} {new string('x', 60)}\n"));
        foreach ((string id, Task<string> watch) in ids.Zip(watched))
        {
            TaskResult result = await server.ResultAsync(id);
            Assert.Equal((ExecutionStatus.Completed, 1), (result.Status, result.Attempt));
            Assert.Equal(wanted, result.Stdout);
            Assert.Equal(wanted, await watch);
        }

        Assert.True(cuts > 1);
    }
}
