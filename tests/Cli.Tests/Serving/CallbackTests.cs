using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Executor.Cli.Serving;

/// <summary>Results that are posted to <c>callback_url</c> by a server that is killed, to hosts that are well and others that are not.</summary>
public sealed class CallbackTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("executor-server-tests-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task Server_killed_while_results_wait_posts_every_one_of_them_after_its_next_start(string kind)
    {
        int tasks = FaultSize.Tasks(80);
        await using ThrowawayCluster? cluster = await ServerDatabase.StartAsync(kind);
        await using CallbackReceiver receiver = new() { Answer = HttpStatusCode.ServiceUnavailable };
        ServerProcess server = await StartAsync(cluster);
        try
        {
            await server.SubmitAsync(Tasks(tasks, "t", receiver.Address));
            for (int i = 0; i < 3; i++)
            {
                int posts = receiver.Posts;
                await Poll.UntilAsync("this server has posted a result", () => receiver.Posts > posts);
                await server.KillAsync();
                await server.DisposeAsync();
                server = await StartAsync(cluster);
            }

            for (int i = 0; i < tasks; i++)
            {
                Assert.Equal("COMPLETED", (await server.ResultAsync($"t-{i}")).GetProperty("status").GetString());
            }

            Assert.Empty(receiver.Taken);
            await server.KillAsync();
            await server.DisposeAsync();
            receiver.Answer = HttpStatusCode.OK;
            server = await StartAsync(cluster);

            await TakenAsync(receiver, tasks, server);
            foreach (string id in receiver.Taken.Keys)
            {
                // Posted again it bears the same id.
                Assert.Equal((await server.ResultAsync(id)).GetProperty("id").GetString(), Assert.Single(receiver.Taken[id].Distinct()));
            }

            await Poll.UntilAsync("none waits", async () => (await server.GetAsync("/callbacks")).GetProperty("callbacks").GetArrayLength() == 0);
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    [Fact]
    public async Task Dead_host_delays_no_other_and_is_told()
    {
        await using CallbackReceiver good = new();
        using System.Net.Sockets.TcpListener dead = new(IPAddress.Loopback, 0);
        // Takes connections and never answers.
        dead.Start();
        string deadUrl = $"http://127.0.0.1:{((IPEndPoint)dead.LocalEndpoint).Port}/";
        await using ServerProcess server = await StartAsync(null);

        await server.SubmitAsync(Tasks(100, "dead", deadUrl));
        await server.SubmitAsync(Tasks(100, "good", good.Address));
        for (int i = 0; i < 100; i++)
        {
            await server.ResultAsync($"good-{i}");
        }

        long start = Stopwatch.GetTimestamp();
        await TakenAsync(good, 100, server);
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.All(good.Taken.Values, ids => Assert.Single(ids));
        for (int i = 0; i < 100; i++)
        {
            await server.ResultAsync($"dead-{i}");
        }

        await Poll.UntilAsync(
            "all for the dead host wait and say why",
            async () => (await server.GetAsync("/callbacks?state=waiting&limit=1000")).GetProperty("callbacks").EnumerateArray().ToArray() is { Length: 100 } waiting
                && waiting.Any(callback => callback.TryGetProperty("error", out JsonElement error) && error.GetString() == "no answer within 10 s"));
        JsonElement counts = (await server.GetAsync("/metrics?format=json")).GetProperty("callbacks");
        Assert.Equal(100, counts.GetProperty("sent").GetInt32());
    }

    [Fact]
    public async Task Callback_to_a_port_that_is_not_named_is_refused_and_told_which_entry_would_allow_it()
    {
        await using ServerProcess server = await StartAsync(null);

        using HttpResponseMessage answer = await server.Http.PostAsJsonAsync("/tasks", Tasks(1, "t", "http://hook.example:8080/").Single());

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        JsonElement fault = Assert.Single((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").EnumerateArray());
        Assert.Equal("callback_url", fault.GetProperty("field").GetString());
        Assert.Equal(
            "its host and port are not among those that this server calls back: 127.0.0.1:*, hook.example; the entry 'hook.example:8080' of server.callback_hosts would allow it",
            fault.GetProperty("message").GetString());
    }

    private static IEnumerable<object> Tasks(int count, string prefix, string callback) => Enumerable.Range(0, count).Select(i => new
    {
        task_id = string.Create(CultureInfo.InvariantCulture, $"{prefix}-{i}"),
        language = "python",
        code = "print(1)",
        callback_url = $"{callback}{prefix}-{i}",
    });

    private static Task TakenAsync(CallbackReceiver receiver, int count, ServerProcess server) => Poll.UntilRightAsync(
        () => Task.FromResult(receiver.Taken.Count == count ? null : $"{receiver.Taken.Count} of {count} came.\n{server.Printed}"), Soon);

    private async Task<ServerProcess> StartAsync(ThrowawayCluster? cluster)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "config.yaml"), $"server:\n  callback_hosts: ['127.0.0.1:*', hook.example]\n{ServerDatabase.Section(cluster)}");
        return await ServerProcess.StartAsync(_folder.FullName, "--config", "config.yaml");
    }
}
