using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Executor.Silo;

/// <summary>Sessions with real interpreters on real silos.</summary>
public sealed class SiloSessionTests
{
    private const int Sessions = 20;

    [Fact]
    public async Task Sessions_are_used_by_way_of_any_silo_and_those_of_a_killed_one_are_lost_until_they_are_restarted()
    {
        Requirement.Postgres();
        await using SiloCluster cluster = await SiloCluster.StartAsync();
        SiloProcess first = cluster.Silos[0];
        for (int i = 0; i < Sessions; i++)
        {
            SiloProcess opener = cluster.Silos[i % 3];
            await OkAsync(opener, HttpMethod.Post, "/sessions", new { session_id = $"s{i}", startup = "def twice(x): return 2 * x" }, HttpStatusCode.Created);
            await ExecuteAsync(cluster.Silos[(i + 1) % 3], $"s{i}", $"x = {i}");
        }

        Assert.Equal(Sessions, (await OkAsync(first, HttpMethod.Get, "/sessions")).GetProperty("sessions").GetArrayLength());
        Assert.Equal(1, await cluster.CountAsync("SELECT count(*) FROM grain_reminders"));

        SiloProcess victim = cluster.Others[0];
        await victim.KillAsync();

        SiloProcess left = cluster.Others[0];
        List<string> lost = [];
        for (int i = 0; i < Sessions; i++)
        {
            using HttpResponseMessage answer = await SendAsync(left, HttpMethod.Post, $"/session/s{i}/execute", new { code = "twice(x)" });
            JsonElement body = await answer.Content.ReadFromJsonAsync<JsonElement>();
            if (answer.StatusCode == HttpStatusCode.Conflict)
            {
                Assert.Equal("urn:executor:problem:session-lost", body.GetProperty("type").GetString());
                lost.Add($"s{i}");
            }
            else
            {
                Assert.True(answer.StatusCode == HttpStatusCode.OK && body.TryGetProperty("result", out JsonElement result) && result.GetInt32() == 2 * i, $"s{i}: {answer.StatusCode}: {body}\n{left.Said}");
            }
        }

        Assert.InRange(lost.Count, 1, Sessions - 1);
        foreach (string id in lost)
        {
            Assert.Equal("LOST", (await OkAsync(left, HttpMethod.Get, $"/sessions/{id}")).GetProperty("status").GetString());
            Assert.Equal("READY", (await OkAsync(left, HttpMethod.Post, $"/session/{id}/restart")).GetProperty("status").GetString());
            Assert.Equal(42, (await ExecuteAsync(left, id, "twice(21)")).GetProperty("result").GetInt32());
        }

        for (int i = 0; i < Sessions; i++)
        {
            using HttpResponseMessage closed = await SendAsync(left, HttpMethod.Delete, $"/sessions/s{i}");
            Assert.Equal(HttpStatusCode.NoContent, closed.StatusCode);
        }

        Assert.Equal(0, await cluster.CountAsync("SELECT count(*) FROM grain_reminders"));
        Assert.Equal(0, await cluster.CountAsync("SELECT count(*) FROM grain_states WHERE state_type IN ('session', 'sessions')"));
    }

    [Fact]
    public async Task Silo_that_is_asked_to_end_lets_what_is_executed_in_its_sessions_finish()
    {
        Requirement.Postgres();
        await using SiloCluster cluster = await SiloCluster.StartAsync(silos: 2);
        SiloProcess asked = cluster.Others[0];
        SiloProcess other = cluster.Scheduler;
        string[] ids = [.. Enumerable.Range(0, 8).Select(i => $"s{i}")];
        foreach (string id in ids)
        {
            await OkAsync(other, HttpMethod.Post, "/sessions", new { session_id = id, use_sandbox = false }, HttpStatusCode.Created);
        }

        using Gate gate = new();
        Task<JsonElement>[] running = [.. ids.Select(id => ExecuteAsync(other, id, $"{gate.Wait}'done'"))];

        await Poll.UntilAsync("all are busy", async () => (await OkAsync(other, HttpMethod.Get, "/sessions")).GetProperty("sessions").EnumerateArray()
            .All(session => session.GetProperty("status").GetString() == "BUSY"));

        asked.Terminate();
        await Poll.UntilAsync("it is not ready any more", async () => (await asked.GetAsync("/ready")).Status == HttpStatusCode.ServiceUnavailable);
        gate.Open();

        foreach (Task<JsonElement> ended in running)
        {
            Assert.Equal("done", (await ended).GetProperty("result").GetString());
        }

        Assert.Equal(0, await asked.EndAsync());
        string[] states =
        [
            .. (await OkAsync(other, HttpMethod.Get, "/sessions")).GetProperty("sessions").EnumerateArray()
                .Select(session => session.GetProperty("status").GetString()!).Distinct().Order(),
        ];
        // Places are random: all eight are on the silo that ends one time in 256.
        Assert.All(states, state => Assert.Contains(state, (string[])["LOST", "READY"]));
        Assert.Contains("READY", states);
    }

    internal static async Task<JsonElement> ExecuteAsync(SiloProcess silo, string id, string code)
    {
        JsonElement ended = await OkAsync(silo, HttpMethod.Post, $"/session/{id}/execute", new { code });
        Assert.Equal("COMPLETED", ended.GetProperty("status").GetString());
        return ended;
    }

    internal static async Task<JsonElement> OkAsync(
        SiloProcess silo, HttpMethod method, string path, object? body = null, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using HttpResponseMessage answer = await SendAsync(silo, method, path, body);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == expected, $"{method} {path}: {answer.StatusCode}: {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    private static async Task<HttpResponseMessage> SendAsync(SiloProcess silo, HttpMethod method, string path, object? body = null)
    {
        using HttpRequestMessage request = new(method, new Uri(path, UriKind.Relative)) { Content = body is null ? null : JsonContent.Create(body) };
        return await silo.Http.SendAsync(request);
    }
}
