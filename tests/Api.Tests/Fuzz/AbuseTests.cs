using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Executor.Configuration;

namespace Executor.Api.Fuzz;

/// <summary>Clients that send too much, too little, too slowly or all at once.</summary>
[Collection(AloneCollection.Name)]
public sealed class AbuseTests : ApiTest
{
    private const int BodyMb = 100;

    private static readonly byte[] Megabyte = Encoding.UTF8.GetBytes(new string(' ', 1 << 20));

    private protected override ApiOptions Options { get; } = new() { Server = new ServerOptions { MaxBodyMb = 1 } };

    [Fact]
    public async Task Body_that_stops_coming_is_told_so()
    {
        List<RawClient> clients = [];
        for (int i = 0; i < 50; i++)
        {
            RawClient client = await RawClient.ConnectAsync(Api.Server.Address);
            await client.SendAsync("POST /tasks HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"code\": \"");
            clients.Add(client);
        }

        await Api.RunAsync("beside");
        await Task.WhenAll(clients.Select(async client =>
        {
            (int status, string body) = await client.AnswerAsync();
            Assert.Equal(408, status);
            Assert.Contains("urn:executor:problem:request-timeout", body, StringComparison.Ordinal);
            client.Dispose();
        }));
    }

    [Fact]
    public async Task Readers_that_sleep_hold_no_memory_and_get_everything_when_they_wake()
    {
        const int readers = 50;
        const int lines = 100;
        string line = new('x', 1 << 16);
        HeldAttempt held = await Api.HoldAsync("held");
        for (int i = 0; i < lines; i++)
        {
            await held.PrintAsync(line);
        }

        long before = GC.GetTotalMemory(forceFullCollection: true);
        RawClient[] clients = await Task.WhenAll(Enumerable.Range(0, readers).Select(async _ =>
        {
            RawClient client = await RawClient.ConnectAsync(Api.Server.Address, receiveBuffer: 4_096);
            await client.SendAsync("GET /tasks/held/output?format=text HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            return client;
        }));
        await Footprint.SettleAsync();
        long taken = GC.GetTotalMemory(forceFullCollection: true) - before;

        held.Complete();
        long[] read = await Task.WhenAll(clients.Select(client => client.DrainAsync()));

        Assert.InRange(taken, long.MinValue, readers * (1L << 20));
        Assert.All(read, count => Assert.True(count > (long)lines * line.Length, $"{count} bytes"));
        Array.ForEach(clients, client => client.Dispose());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Large_body_is_refused_while_it_comes(bool isChunked)
    {
        long before = GC.GetTotalMemory(forceFullCollection: true);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            using RawClient client = await RawClient.ConnectAsync(Api.Server.Address);
            await client.SendAsync(isChunked
                ? "POST /tasks HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                : $"POST /tasks HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {BodyMb << 20}\r\n\r\n");
            Task sending = SendBodyAsync(client, isChunked);

            (int status, string body) = await client.AnswerAsync();

            Assert.Equal(413, status);
            Assert.Contains("urn:executor:problem:body-too-large", body, StringComparison.Ordinal);
            client.Dispose();
            await sending;
        }));

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 60 << 20);
        await Api.RunAsync("alive");
    }

    [Fact]
    public async Task Thousand_clients_at_once_all_get_their_results()
    {
        const int clients = 1_000;
        await Task.WhenAll(Enumerable.Range(0, clients).Select(async i =>
        {
            using HttpClient client = Api.NewClient();
            using StringContent task = new(Json.Task($"c{i}", $"hello {i}"), Encoding.UTF8, "application/json");
            using HttpResponseMessage answer = await client.PostAsync("/tasks?wait=60", task);
            JsonElement result = await answer.JsonAsync();
            Assert.Equal(("COMPLETED", $"hello {i}"), (result.Text("status"), result.Text("stdout")));
            using HttpResponseMessage output = await client.GetAsync($"/tasks/c{i}/output?format=text");
            Assert.Equal($"hello {i}", await output.Content.ReadAsStringAsync());
        }));
    }

    [Fact]
    public async Task Nothing_is_left_of_clients_that_have_gone()
    {
        await Api.HoldAsync("held");
        List<Footprint> rounds = [];
        for (int round = 0; round < 6; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 100).Select(LeaveAsync));
            rounds.Add(await Footprint.SettleAsync());
        }

        // The first rounds fill pools; a server short of processor time closes the last connections a little later.
        Footprint early = rounds[2];
        Footprint late = await Footprint.SettleAsync(early.Handles + 10);
        string all = string.Join('\n', [.. rounds, late]);
        Assert.True(late.Handles <= early.Handles + 10, all);
        Assert.True(late.Threads <= early.Threads + 8, all);
        Assert.True(late.Bytes <= early.Bytes + (2 << 20), all);
        await Api.RunAsync("alive");
    }

    private static async Task SendBodyAsync(RawClient client, bool isChunked)
    {
        try
        {
            for (int i = 0; i < BodyMb; i++)
            {
                if (isChunked)
                {
                    await client.SendAsync("100000\r\n");
                }

                await client.SendAsync(Megabyte);
                if (isChunked)
                {
                    await client.SendAsync("\r\n");
                }
            }
        }
        catch (Exception cut) when (cut is SocketException or ObjectDisposedException)
        {
            // The server has heard enough, or the test has.
        }
    }

    /// <summary>Comes, begins something, and goes.</summary>
    private async Task LeaveAsync(int number)
    {
        using RawClient client = await RawClient.ConnectAsync(Api.Server.Address);
        switch (number % 4)
        {
            case 0:
                await client.SendAsync("GET /tasks/held/output HTTP/1.1\r\nHost: localhost\r\n\r\n");
                break;
            case 1:
                await client.SendAsync("GET /tasks/held/result?wait=300 HTTP/1.1\r\nHost: localhost\r\n\r\n");
                break;
            case 2:
                await client.SendAsync("POST /tasks HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{\"code\": \"");
                break;
            default:
                await client.SendAsync("GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n");
                Assert.Equal(404, (await client.AnswerAsync()).Status);
                break;
        }
    }
}
