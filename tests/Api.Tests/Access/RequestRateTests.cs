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
    public async Task Client_above_its_rate_is_told_when_to_come_again()
    {
        ManualTime time = new();
        await using ApiHost api = await ApiHost.StartAsync(TwoASecond, time: time);
        using HttpClient client = api.NewClient("one");
        await EachAsync(client, HttpStatusCode.OK, 2);

        using HttpResponseMessage refused = await client.GetAsync("/tasks");

        await refused.ProblemAsync(429, "too-many-requests");
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter?.Delta);
        time.Advance(TimeSpan.FromSeconds(0.5));
        await EachAsync(client, HttpStatusCode.OK, 1);
        await EachAsync(client, HttpStatusCode.TooManyRequests, 1);
    }

    [Fact]
    public async Task Clients_do_not_use_up_each_other_s_rate()
    {
        await using ApiHost api = await ApiHost.StartAsync(TwoASecond, time: new ManualTime());
        using HttpClient one = api.NewClient("one");
        using HttpClient two = api.NewClient("two");

        await EachAsync(one, HttpStatusCode.OK, 2);

        await EachAsync(two, HttpStatusCode.OK, 2);
    }

    [Fact]
    public async Task Guessing_keys_counts()
    {
        await using ApiHost api = await ApiHost.StartAsync(TwoASecond, time: new ManualTime());

        await EachAsync(api.Client, HttpStatusCode.Unauthorized, 2);

        await EachAsync(api.Client, HttpStatusCode.TooManyRequests, 1);
    }

    [Fact]
    public async Task What_watches_the_server_is_never_refused()
    {
        await using ApiHost api = await ApiHost.StartAsync(TwoASecond, time: new ManualTime());

        for (int i = 0; i < 5; i++)
        {
            using HttpResponseMessage answer = await api.GetAsync("/health");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1_000_000)]
    public void Rest_of_a_second_fills_the_bucket_up_to_a_second_s_worth(int perSecond)
    {
        ManualTime time = new();
        RequestRate rate = new(perSecond, time);
        int Burst()
        {
            int taken = 0;
            while (rate.Take("a") is null)
            {
                taken++;
            }

            return taken;
        }

        Assert.Equal(perSecond, Burst());
        time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(perSecond, Burst());
    }

    private static async Task EachAsync(HttpClient client, HttpStatusCode expected, int times)
    {
        for (int i = 0; i < times; i++)
        {
            using HttpResponseMessage answer = await client.GetAsync("/tasks");
            Assert.Equal(expected, answer.StatusCode);
        }
    }
}
