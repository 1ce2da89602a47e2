using System.Net;
using System.Text.Json;

namespace Executor.Silo;

/// <summary>Silos of two queues in one cluster.</summary>
public sealed class QueueTests
{
    private const int Tasks = 40;
    private const string Gpu = "cluster: {queue: gpu}\n";

    [Fact]
    public async Task Queues_share_a_cluster_and_nothing_else()
    {
        Requirement.Postgres();
        await using SiloCluster cluster = await SiloCluster.StartAsync(silos: 2);
        SiloProcess[] standard = [.. cluster.Silos];
        SiloProcess[] gpu = [await cluster.AddAsync(Gpu), await cluster.AddAsync(Gpu)];
        await Task.WhenAll(gpu.Select(silo => silo.ReadyAsync()));

        // The same id in both, and other work.
        await standard[0].SubmitAsync(["same"], new Work("print('standard')"));
        await gpu[0].SubmitAsync(["same"], new Work("print('gpu')"));
        Assert.Equal("standard\n", await StdoutAsync(standard[1], "same"));
        Assert.Equal("gpu\n", await StdoutAsync(gpu[1], "same"));
        await standard[1].SubmitAsync(Work.Ids("s", Tasks), Work.Short);
        await gpu[1].SubmitAsync(Work.Ids("g", Tasks), Work.Short);
        await cluster.EndedAsync(Tasks + 1);
        await Poll.UntilAsync("the other queue's have ended", async () => await GpuDoneAsync() == Tasks + 1);
        Assert.Equal(HttpStatusCode.NotFound, (await standard[0].GetAsync("/tasks/g0")).Status);
        string both = $"{standard[0].IsExecutor} OR {standard[1].IsExecutor}";
        Assert.Equal(Tasks + 1, await cluster.CountAsync($"SELECT count(*) FROM tasks WHERE {both}"));
        Assert.Equal(0, await cluster.CountAsync($"SELECT count(*) FROM executor_gpu.tasks WHERE {both}"));
        Assert.All(gpu, silo => Assert.DoesNotContain("q-default", silo.Said, StringComparison.Ordinal));
        Assert.All(standard, silo => Assert.DoesNotContain("q-gpu", silo.Said, StringComparison.Ordinal));

        await SiloSessionTests.OkAsync(gpu[0], HttpMethod.Post, "/sessions", new { session_id = "s" }, HttpStatusCode.Created);
        Assert.Equal(0, (await SiloSessionTests.OkAsync(standard[0], HttpMethod.Get, "/sessions")).GetProperty("sessions").GetArrayLength());

        // One queue's fault is none of the other's.
        int epoch = standard.Max(silo => silo.Epoch);
        SiloProcess victim = gpu.MaxBy(silo => silo.Epoch)!;
        SiloProcess left = gpu.Single(silo => silo != victim);
        await victim.KillAsync();
        await left.SubmitAsync(["after"], new Work("print('again')"));
        Assert.Equal("again\n", await StdoutAsync(left, "after"));
        await standard[0].SubmitAsync(["beside"], new Work("print('beside')"));
        Assert.Equal("beside\n", await StdoutAsync(standard[0], "beside"));
        Assert.Equal(epoch, standard.Max(silo => silo.Epoch));

        Task<long> GpuDoneAsync() => cluster.CountAsync("SELECT count(*) FROM executor_gpu.tasks WHERE status = 'COMPLETED'");
    }

    private static async Task<string?> StdoutAsync(SiloProcess silo, string id) =>
        JsonDocument.Parse(await silo.ResultAsync(id)).RootElement.GetProperty("stdout").GetString();
}
