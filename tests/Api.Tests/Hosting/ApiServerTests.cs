using Executor.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Executor.Api.Hosting;

/// <summary>How a server starts and stops.</summary>
public sealed class ApiServerTests : ApiTest
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("*")]
    [InlineData("::")]
    public async Task Address_that_others_reach_is_refused_without_keys(string host)
    {
        ConfigurationException refused = await Assert.ThrowsAsync<ConfigurationException>(() => StartAsync(new ServerOptions { Host = host, Port = 0 }));

        Assert.Contains("server.api_keys", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Name_that_nobody_has_is_refused()
    {
        ConfigurationException refused = await Assert.ThrowsAsync<ConfigurationException>(() => StartAsync(new ServerOptions { Host = "no such name" }));

        Assert.Contains("server.host", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Port_that_is_taken_is_told()
    {
        IOException refused = await Assert.ThrowsAsync<IOException>(() => StartAsync(new ServerOptions { Port = Api.Server.Address.Port }));

        Assert.Contains("--port", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_ends_what_only_waits()
    {
        await Api.HoldAsync("a");
        Task<HttpResponseMessage> waiting = Api.GetAsync("/tasks/a/result?wait=60");
        Task<HttpResponseMessage> submitting = Api.PostAsync("/tasks?wait=60", Json.Task("b", Attempts.Hold));
        await Api.Attempts.NextAsync();

        await Api.Server.StopAsync(CancellationToken.None).WaitAsync(Soon);

        using HttpResponseMessage waited = await waiting;
        using HttpResponseMessage submitted = await submitting;
        Assert.Equal((202, 202), ((int)waited.StatusCode, (int)submitted.StatusCode));
    }

    private async Task<ApiServer> StartAsync(ServerOptions server) => await ApiServer.StartAsync(
        new ApiOptions { Server = server }, Api.Service, Api.Engine, NullLoggerFactory.Instance, TimeProvider.System, CancellationToken.None);
}
