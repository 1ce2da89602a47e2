using System.Net;
using System.Net.Http.Headers;
using Executor.Configuration;
using Executor.Http.Wire;
using Executor.Text;

namespace Executor.Api.Access;

/// <summary>A server with keys.</summary>
public sealed class ApiKeysTests : ApiTest
{
    private protected override ApiOptions Options { get; } = new() { Server = new ServerOptions { ApiKeys = [new Secret("first"), new Secret("second é")] } };

    [Theory]
    [InlineData("Bearer first")]
    [InlineData("bearer first")]
    [InlineData("Bearer  first ")]
    public async Task Client_with_a_key_comes_in(string header)
    {
        using HttpResponseMessage answer = await SendAsync("/tasks", header);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("first")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer third")]
    [InlineData("Bearer firs")]
    [InlineData("Basic Zmlyc3Q=")]
    public async Task Client_without_one_is_told_what_to_send(string? header)
    {
        using HttpResponseMessage answer = await SendAsync("/tasks", header);

        Problem problem = await answer.ProblemAsync(401, "unauthorized");
        Assert.Contains("Authorization: Bearer", problem.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("first", problem.Detail, StringComparison.Ordinal);
        Assert.Equal("Bearer", Assert.Single(answer.Headers.WwwAuthenticate).Scheme);
    }

    [Theory]
    [InlineData("/nowhere")]
    [InlineData("/metrics")]
    [InlineData("/executors")]
    [InlineData("/jobs")]
    public async Task Nothing_else_is_told_without_a_key(string path)
    {
        using HttpResponseMessage answer = await Api.GetAsync(path);

        await answer.ProblemAsync(401, "unauthorized");
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/ready")]
    [InlineData("/openapi/v1.json")]
    public async Task What_watches_the_server_needs_no_key(string path)
    {
        using HttpResponseMessage answer = await Api.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Names_of_other_machines_are_let_in_with_a_key()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/tasks") { Headers = { Host = "executor.example", Authorization = new AuthenticationHeaderValue("Bearer", "first") } };

        using HttpResponseMessage answer = await Api.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private async Task<HttpResponseMessage> SendAsync(string path, string? header)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        if (header is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", header);
        }

        return await Api.Client.SendAsync(request);
    }
}
