using System.Net;
using System.Text.Json;
using Executor.Configuration;
using Executor.Http.Wire;

namespace Executor.Api.Fuzz;

/// <summary>Whatever is sent: the answer is never a failure of the server, and every refusal is a problem document.</summary>
[Collection(AloneCollection.Name)]
public sealed class RequestFuzzTests : ApiTest
{
    private const int Requests = 20_000;
    private const int Clients = 16;

    private protected override ApiOptions Options { get; } = new() { Server = new ServerOptions { MaxBodyMb = 1 } };

    [Fact]
    public async Task Twenty_thousand_random_requests_are_answered_or_refused_with_the_reason()
    {
        await Api.RunAsync("known");
        int[] byStatus = new int[600];

        await Task.WhenAll(Enumerable.Range(0, Clients).Select(seed => Task.Run(async () =>
        {
            RandomRequests requests = new(new Random(seed));
            for (int i = 0; i < Requests / Clients; i++)
            {
                using HttpRequestMessage request = requests.Next();
                int status = await SendAsync(request, $"seed {seed}, request {i}: {request.Method} {request.RequestUri}");
                Interlocked.Increment(ref byStatus[status]);
            }
        })));

        Assert.Equal(Requests, byStatus.Sum());
        Assert.All((int[])[200, 202, 400, 403, 404, 405, 409, 415], status => Assert.True(byStatus[status] > 0, $"no {status} among the answers"));
        await Api.RunAsync("still-alive");
    }

    private async Task<int> SendAsync(HttpRequestMessage request, string what)
    {
        // The output of a task that waits for ever has no end.
        using HttpResponseMessage answer = await Api.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        int status = (int)answer.StatusCode;
        Assert.True(status < 500, $"{what} was answered with {status}: {(status < 500 ? "" : await answer.Content.ReadAsStringAsync())}");
        if (status < 400 || request.Method == HttpMethod.Head)
        {
            return status;
        }

        string text = await answer.Content.ReadAsStringAsync();
        if (status == 400 && text.Length == 0 && answer.Headers.ConnectionClose == true)
        {
            // No request at all to the HTTP server: nothing of ours has seen it.
            return status;
        }

        Assert.True("application/problem+json" == answer.Content.Headers.ContentType?.MediaType, $"{what} was answered with {status}: {text}");
        Problem problem = JsonSerializer.Deserialize(text, ApiJson.Wire.Problem)!;
        Assert.True(problem.Status == status && problem.Title.Length > 0 && problem.Detail?.Length > 0, $"{what} was answered with {status}: {text}");
        return status;
    }
}
