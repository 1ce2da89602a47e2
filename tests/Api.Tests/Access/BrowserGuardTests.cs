using System.Net;

namespace Executor.Api.Access;

/// <summary>A server without keys, and what browsers send it.</summary>
public sealed class BrowserGuardTests : ApiTest
{
    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST:1234")]
    [InlineData("app.localhost")]
    [InlineData("127.0.0.1:80")]
    [InlineData("127.1.2.3")]
    [InlineData("[::1]:5000")]
    public async Task Own_names_are_let_in(string host)
    {
        using HttpResponseMessage answer = await SendAsync("GET", "/tasks", ("Host", host));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("localhost.evil.example")]
    [InlineData("10.0.0.1")]
    [InlineData("127.0.0.1.evil.example:80")]
    public async Task Names_of_others_are_refused(string host)
    {
        using HttpResponseMessage answer = await SendAsync("GET", "/health", ("Host", host));

        await answer.ProblemAsync(403, "forbidden");
    }

    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("null")]
    [InlineData("http://127.0.0.1:1")]
    public async Task Pages_of_others_are_refused(string origin)
    {
        using HttpResponseMessage answer = await SendAsync("POST", "/tasks/a/cancel", ("Origin", origin));

        await answer.ProblemAsync(403, "forbidden");
    }

    [Fact]
    public async Task Page_of_another_can_t_open_a_socket()
    {
        using HttpResponseMessage answer = await SendAsync("GET", "/executors", ("Origin", "http://evil.example"), ("Upgrade", "websocket"));

        await answer.ProblemAsync(403, "forbidden");
    }

    [Fact]
    public async Task Own_pages_are_let_in()
    {
        string origin = Api.Server.Address.GetLeftPart(UriPartial.Authority);

        using HttpResponseMessage answer = await SendAsync("POST", "/tasks/nobody/cancel", ("Origin", origin));

        await answer.ProblemAsync(404, "not-found");
    }

    private async Task<HttpResponseMessage> SendAsync(string method, string path, params (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), path);
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Api.Client.SendAsync(request);
    }
}
