using System.Net;
using System.Text;
using Executor.Api.Fuzz;

namespace Executor.Api.Monitoring;

/// <summary>Traces and metrics on their way to a collector. Alone: the variables are the whole process's.</summary>
[Collection(AloneCollection.Name)]
public sealed class TelemetryExportTests
{
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";

    [Fact]
    public async Task Attempt_is_a_span_of_its_submitter_s_trace()
    {
        (string traces, _) = await RunAsync(isExported: true);

        Assert.Contains("run python", traces, StringComparison.Ordinal);
        Assert.Contains("executor.task.id", traces, StringComparison.Ordinal);
        // The request's span and the attempt's.
        Assert.Equal(2, traces.Split(Encoding.Latin1.GetString(Convert.FromHexString(TraceId))).Length - 1);
    }

    [Fact]
    public async Task Metrics_of_tasks_and_requests_are_sent_under_the_service_s_name()
    {
        (_, string metrics) = await RunAsync(isExported: true);

        Assert.Contains("executor.tasks.completed", metrics, StringComparison.Ordinal);
        Assert.Contains("http.server.request.duration", metrics, StringComparison.Ordinal);
        Assert.Contains("service.name", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_sent_where_no_collector_is_named()
    {
        Assert.Equal(("", ""), await RunAsync(isExported: false));
    }

    /// <summary>Runs a task for a client that traces, from the server's start to its end.</summary>
    private static async Task<(string Traces, string Metrics)> RunAsync(bool isExported)
    {
        await using CollectorStub collector = new();
        Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT", isExported ? collector.Address : null);
        Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf");
        try
        {
            await using ApiHost api = await ApiHost.StartAsync();
            using HttpRequestMessage request = new(HttpMethod.Post, "/tasks?wait=20")
            {
                Content = new StringContent(Json.Task("a"), Encoding.UTF8, "application/json"),
                Headers = { { "traceparent", $"00-{TraceId}-b7ad6b7169203331-01" } },
            };
            using HttpResponseMessage answer = await api.Client.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
        finally
        {
            Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT", null);
            Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_PROTOCOL", null);
        }

        return (collector.ReceivedAt("/v1/traces"), collector.ReceivedAt("/v1/metrics"));
    }
}
