using System.Net;

namespace Executor.Silo;

/// <summary>Results that are posted to <c>callback_url</c> by a cluster whose silos are killed.</summary>
public sealed class CallbackTests
{
    [Fact]
    public async Task Results_that_wait_when_the_scheduler_dies_are_posted_by_the_next_one()
    {
        Requirement.Postgres();
        await using CallbackReceiver receiver = new() { Answer = HttpStatusCode.ServiceUnavailable };
        await using SiloCluster cluster = await SiloCluster.StartAsync(silos: 2, configuration: "server: {callback_hosts: ['127.0.0.1:*']}\n");
        SiloProcess victim = cluster.Scheduler;
        SiloProcess other = cluster.Others[0];
        await other.SubmitAsync(Work.Ids("t", Work.Tasks), Work.Quick with { CallbackUrl = receiver.Address });
        await cluster.EndedAsync(Work.Tasks);
        Assert.Equal(Work.Tasks, await cluster.CountAsync("SELECT count(*) FROM callbacks WHERE state = 'WAITING'"));
        Assert.Contains("it answered 503", (await other.GetAsync("/callbacks?state=waiting&limit=1000")).Body, StringComparison.Ordinal);

        await victim.KillAsync();
        receiver.Answer = HttpStatusCode.OK;

        await Poll.UntilAsync("all have come", () => Task.FromResult(receiver.Taken.Count == Work.Tasks));
        await Poll.UntilAsync("none waits", async () => await cluster.CountAsync("SELECT count(*) FROM callbacks") == 0);
        Assert.All(receiver.Taken.Values, ids => Assert.Single(ids.Distinct()));
        Assert.Equal(Work.Tasks, await cluster.CountAsync("SELECT count(*) FROM code_execution_results"));
    }
}
