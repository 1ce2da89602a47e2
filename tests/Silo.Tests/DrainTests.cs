using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Executor.Silo;

/// <summary>What an operator has drained stays so, whatever dies.</summary>
public sealed class DrainTests
{
    [Fact]
    public async Task Drain_holds_when_the_silo_with_the_scheduler_and_the_executor_is_killed_and_ends_when_the_executor_leaves()
    {
        Requirement.Postgres();
        await using SiloCluster cluster = await SiloCluster.StartAsync();
        SiloProcess victim = cluster.Scheduler;
        (SiloProcess drained, SiloProcess left) = (cluster.Others[0], cluster.Others[1]);
        string silos = (await ExecutorsAsync(left)).Keys.Single(id => id.Contains($"-{drained.SiloPort}-", StringComparison.Ordinal));
        await using OutsideExecutor outsider = await OutsideExecutor.ConnectAsync(victim, "outsider", "outside");
        await DrainAsync(left, silos);
        await DrainAsync(left, "outsider");
        await outsider.ReceiveAsync("drain");

        await victim.KillAsync();

        await using OutsideExecutor back = await OutsideExecutor.ConnectAsync(left, "outsider", "outside");
        await back.ReceiveAsync("drain");
        await left.SubmitAsync(Enumerable.Range(0, 40).Select(i => $"t{i}"), new Work("pass"));
        await SubmitForOutsideAsync(left);
        await Poll.UntilAsync("the tasks have ended", async () => await cluster.DoneAsync() == 40);
        Dictionary<string, string> states = await ExecutorsAsync(drained);
        Assert.Equal(("draining", "draining"), (states["outsider"], states[silos]));
        Assert.Equal(40, await cluster.CountAsync($"SELECT count(*) FROM tasks WHERE executor_id LIKE 'silo-%-{left.SiloPort}-%'"));
        Assert.Equal(1, await cluster.CountAsync("SELECT count(*) FROM tasks WHERE task_id = 'outside' AND status = 'PENDING'"));

        await back.SendAsync("""{"type":"leave"}""");
        await Poll.UntilAsync(
            "it is forgotten", async () => await cluster.CountAsync("SELECT count(*) FROM grain_states WHERE id_text = 'e-default/outsider'") == 0);
        await using OutsideExecutor anew = await OutsideExecutor.ConnectAsync(drained, "outsider", "outside");
        Assert.Equal("outside", (await anew.ReceiveAsync("run")).GetProperty("task").GetProperty("task_id").GetString());
    }

    [Fact]
    public async Task Silos_that_end_in_order_leave_nothing_of_their_executors()
    {
        Requirement.Postgres();
        await using SiloCluster cluster = await SiloCluster.StartAsync(silos: 2);
        Assert.Equal(2, await cluster.CountAsync("SELECT count(*) FROM grain_states WHERE state_type = 'executor'"));

        foreach (SiloProcess silo in cluster.Silos)
        {
            silo.Terminate();
            Assert.Equal(0, await silo.EndAsync());
        }

        Assert.Equal(0, await cluster.CountAsync("SELECT count(*) FROM grain_states WHERE state_type = 'executor'"));
    }

    private static async Task DrainAsync(SiloProcess through, string id)
    {
        using HttpResponseMessage answer = await through.Http.PostAsync(new Uri($"/executors/{id}/drain", UriKind.Relative), content: null);
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
    }

    private static async Task SubmitForOutsideAsync(SiloProcess through)
    {
        using HttpResponseMessage answer = await through.Http.PostAsJsonAsync(
            new Uri("/tasks", UriKind.Relative), new { task_id = "outside", language = "python", code = "pass", capabilities = new[] { "outside" } });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static async Task<Dictionary<string, string>> ExecutorsAsync(SiloProcess through)
    {
        JsonElement listed = await through.Http.GetFromJsonAsync<JsonElement>(new Uri("/executors", UriKind.Relative));
        return listed.GetProperty("executors").EnumerateArray().ToDictionary(
            executor => executor.GetProperty("executor_id").GetString()!, executor => executor.GetProperty("state").GetString()!);
    }
}
