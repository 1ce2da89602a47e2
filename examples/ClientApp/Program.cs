// ./executor silo                                   in one terminal
// dotnet run --project examples/ClientApp [PORT…]   in another; the silos' --gateway-port, by default 30000
using System.Globalization;
using Executor.Client;
using Executor.Execution;
using Executor.Tasks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;

int[] gateways = args.Length == 0 ? [30_000] : [.. args.Select(port => int.Parse(port, CultureInfo.InvariantCulture))];
HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
builder.Services.AddLogging();
builder.UseOrleansClient(orleans => orleans.UseLocalhostClustering(gateways, serviceId: "executor", clusterId: "executor"));
builder.Services.AddExecutorClient();
using IHost host = builder.Build();
await host.StartAsync();
ITaskService executor = host.Services.GetRequiredService<IExecutionService>().Tasks;

// A task, its output as it comes, its result.
TaskSpec counts = new()
{
    Language = "python",
    Code =
        """
        import time
        for i in range(5):
            print(i, flush=True)
            time.sleep(0.3)
        """,
};
TaskReceipt receipt = (await executor.SubmitAsync([counts], CancellationToken.None))[0];
await foreach (TaskEvent happened in executor.WatchAsync(receipt.TaskId, default, CancellationToken.None))
{
    Console.Write(happened switch
    {
        TaskOutput output => output.Text,
        OutputEnded ended => $"{ended.Result.Status} on {ended.Result.ExecutorId}\n",
        _ => "",
    });
}

// A hundred at once.
TaskSpec[] squares = [.. Enumerable.Range(0, 100).Select(i => new TaskSpec { Language = "python", Code = $"print({i} ** 2)" })];
IReadOnlyList<TaskReceipt> receipts = await executor.SubmitAsync(squares, CancellationToken.None);
TaskResult?[] results = await Task.WhenAll(receipts.Select(task => executor.WaitAsync(task.TaskId, TimeSpan.FromMinutes(1), CancellationToken.None)));
foreach (IGrouping<string?, TaskResult?> group in results.GroupBy(result => result?.ExecutorId))
{
    Console.WriteLine($"{group.Count()} of 100 on {group.Key}");
}

await host.Services.GetRequiredService<ClusterExecutionService>().DisposeAsync();
await host.StopAsync();
