using System.Net;
using Executor.Configuration;
using Executor.Text;

namespace Executor.Api.Access;

/// <summary>How often clients may come.</summary>
public sealed class RequestRateTests
{
    private static readonly ApiOptions TwoASecond =
        new() { Server = new ServerOptions { MaxRequestsPerSec = 2, ApiKeys = [new Secret("one"), new Secret("two")] } };

    [Fact]
    public async Task Client_above_its_rate_is_told_when_to_come_again_and_may_then()
    {
        await using ApiHost api = await ApiHost.StartAsync(TwoASecond);
        using HttpClient client = api.NewClient("one");

        using HttpResponseMessage refused = await UntilRefusedAsync(client, HttpStatusCode.OK);

        await refused.ProblemAsync(429, "too-many-requests");
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter?.Delta);
        // The limiter goes by the system's clock and takes no other.
        // By the clock: the framework's limiter takes no other.
        await Task.Delay(refused.Headers.RetryAfter!.Delta!.Value + TimeSpan.FromMilliseconds(200));
        using HttpResponseMessage again = await client.GetAsync("/tasks");
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    [Fact]
    public async Task Clients_do_not_use_up_each_other_s_rate()
    {
        await using ApiHost api = await ApiHost.StartAsync(TwoASecond);
        using HttpClient one = api.NewClient("one");
        using HttpClient two = api.NewClient("two");

        (await UntilRefusedAsync(one, HttpStatusCode.OK)).Dispose();
        using HttpResponseMessage answer = await two.GetAsync("/tasks");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Guessing_keys_counts()
    {
        await using ApiHost api = await ApiHost.StartAsync(TwoASecond);

        (await UntilRefusedAsync(api.Client, HttpStatusCode.Unauthorized)).Dispose();
    }

    [Fact]
    public async Task What_watches_the_server_is_never_refused()
    {
        await using ApiHost api = await ApiHost.StartAsync(TwoASecond);

        for (int i = 0; i < 5; i++)
        {
            using HttpResponseMessage answer = await api.GetAsync("/health");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    /// <summary>Sends requests until one is refused; a second may end between two of them.</summary>
    private static async Task<HttpResponseMessage> UntilRefusedAsync(HttpClient client, HttpStatusCode expected)
    {
        for (int i = 0; i < 1_000; i++)
        {
            HttpResponseMessage answer = await client.GetAsync("/tasks");
            if (answer.StatusCode == HttpStatusCode.TooManyRequests)
            {
                return answer;
            }

            Assert.Equal(expected, answer.StatusCode);
            answer.Dispose();
        }

        throw new InvalidOperationException("A thousand requests in turn were not too many.");
    }
}
