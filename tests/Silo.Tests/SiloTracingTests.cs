using System.Text;

namespace Executor.Silo;

/// <summary>One trace from the client's request to the attempts, whichever silo they run on.</summary>
public sealed class SiloTracingTests
{
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";
    private const int Tasks = 8;

    /// <summary>The request, the submit at the scheduler, and the attempts.</summary>
    private const int Spans = 2 + Tasks;

    [Fact]
    public async Task Attempts_on_all_silos_are_spans_of_the_submitter_s_trace()
    {
        Requirement.Postgres();
        await using CollectorStub collector = new();
        Dictionary<string, string> variables = new()
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
        };
        await using SiloCluster cluster = await SiloCluster.StartAsync(silos: 2, variables: variables);

        // Twice four slots: they run at once, on both.
        cluster.Silos[0].Http.DefaultRequestHeaders.Add("traceparent", $"00-{TraceId}-b7ad6b7169203331-01");
        using Gate gate = new();
        await cluster.Silos[0].SubmitAsync(Enumerable.Range(0, Tasks).Select(i => $"t{i}"), new Work($"{gate.Wait}print('$id')", UseSandbox: false));
        await Poll.UntilAsync("all run", async () => await cluster.CountAsync("SELECT count(*) FROM tasks WHERE status = 'RUNNING'") == Tasks);
        gate.Open();
        await cluster.EndOnceAsync(Tasks);
        Assert.Equal(2, await cluster.CountAsync("SELECT count(DISTINCT executor_id) FROM tasks"));

        string id = Encoding.Latin1.GetString(Convert.FromHexString(TraceId));
        await Poll.UntilAsync("all spans have come", () => Task.FromResult(collector.ReceivedAt("/v1/traces").Split(id).Length - 1 >= Spans));
        string traces = collector.ReceivedAt("/v1/traces");
        Assert.Equal(Spans, traces.Split(id).Length - 1);
        Assert.Equal(Tasks, traces.Split("run python").Length - 1);
        foreach (SiloProcess silo in cluster.Silos)
        {
            Assert.Contains($"-{silo.SiloPort}-", traces, StringComparison.Ordinal);
        }

        // What the silos ask each other all day is nobody's trace.
        Assert.DoesNotContain("PullAsync", traces, StringComparison.Ordinal);
    }
}
