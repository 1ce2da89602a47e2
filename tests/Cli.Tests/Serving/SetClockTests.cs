using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace Executor.Cli.Serving;

/// <summary>A server whose system's clock is set while it runs, by an hour and by a month: nothing comes too soon or too late, runs twice or is lost.</summary>
public sealed class SetClockTests : IDisposable
{
    private static readonly TimeSpan Month = TimeSpan.FromDays(31);
    private static readonly string[] Ended = ["ended-1", "ended-2"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("executor-server-tests-");

    private string Effects => Path.Combine(_folder.FullName, "effects");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task Clock_that_is_set_decides_nothing(string kind)
    {
        Requirement.FakedClock();
        await using ThrowawayCluster? cluster = await ServerDatabase.StartAsync(kind);
        FakedClock clock = new(_folder.FullName);
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "config.yaml"), $"executors:\n  apart: {{max_tasks: 1, capabilities: [apart]}}\n{ServerDatabase.Section(cluster)}");
        await using (ServerProcess server = await StartAsync(clock))
        {
            await server.SubmitAsync(Ended.Select(id => Work(id, "pass")));
            foreach (string id in Ended)
            {
                await server.ResultAsync(id);
            }

            using HttpResponseMessage opened = await server.Http.PostAsJsonAsync("/sessions", new { session_id = "s", idle_timeout = 600, startup = "x = 6" });
            Assert.True(opened.IsSuccessStatusCode, await opened.Content.ReadAsStringAsync());

            await WaitAsync(server, clock);

            using HttpResponseMessage executed = await server.Http.PostAsJsonAsync("/session/s/execute", new { code = "x * 7" });
            Assert.Equal(42, JsonElement.Parse(await executed.Content.ReadAsStringAsync()).GetProperty("result").GetInt32());
            Assert.Equal([.. Ended, "long", "long-apart", "retried", "retried"], (await File.ReadAllLinesAsync(Effects)).Order());
            Assert.Equal(0, await server.StopAsync());
        }

        // What a store answers about its times both of them are asked elsewhere.
        if (cluster is null)
        {
            await StartLaterAsync(clock);
        }
    }

    /// <summary>Starts the server when its clock is a month later: nobody can tell whether that has passed.</summary>
    private async Task StartLaterAsync(FakedClock clock)
    {
        clock.Set(Month * 2);
        await using ServerProcess server = await StartAsync(clock);
        await Poll.UntilAsync("the server asks whether its clock is right", () => server.Printed.Contains("The newest task that is stored is of", StringComparison.Ordinal));
        foreach (string id in Ended.Append("long"))
        {
            Assert.Equal("COMPLETED", (await server.ResultAsync(id)).GetProperty("status").GetString());
        }

        Assert.Equal(0, await server.StopAsync());
    }

    /// <summary>Has tasks run, wait in the queue and wait for their next attempt while the clock is set.</summary>
    private async Task WaitAsync(ServerProcess server, FakedClock clock)
    {
        long submitted = Stopwatch.GetTimestamp();
        await server.SubmitAsync(
        [
            Work("long", "time.sleep(3)"),
            Work("long-apart", "time.sleep(3)", "apart"),
            new { task_id = "queued", language = "python", code = "1", queue_timeout = 4, capabilities = new[] { "nobody" } },
            Work("retried", "sys.exit(1)", retry: new { max_attempts = 2, backoff_sec = 2 }),
        ]);
        Task<TimeSpan> queued = UntilAsync("queued"), retried = UntilAsync("retried");
        await SetAsync(TimeSpan.FromHours(1), "ahead by 01:00:00");
        await SetAsync(TimeSpan.FromHours(-1), "back by 02:00:00");
        await SetAsync(Month, "ahead by 31.01:00:00");

        // No sooner than they are to, to a tenth; how much later, a busy machine says, but not by an hour.
        Assert.InRange((await queued).TotalSeconds, 3.6, 60);
        Assert.InRange((await retried).TotalSeconds, 1.8, 60);
        JsonElement result = await server.ResultAsync("queued");
        Assert.Equal("queue_timeout", result.GetProperty("error").GetProperty("type").GetString());
        foreach (string id in new[] { "long", "long-apart" })
        {
            result = await server.ResultAsync(id);
            Assert.Equal(("COMPLETED", 1), (result.GetProperty("status").GetString(), result.GetProperty("attempt").GetInt32()));
            Assert.InRange(result.GetProperty("end_time_ms").GetInt64() - result.GetProperty("start_time_ms").GetInt64(), 2_700, 60_000);
        }

        async Task<TimeSpan> UntilAsync(string id)
        {
            await server.ResultAsync(id);
            return Stopwatch.GetElapsedTime(submitted);
        }

        Task SetAsync(TimeSpan ahead, string said)
        {
            clock.Set(ahead);
            return Poll.UntilAsync($"the server says that its clock was set {said}", () => server.Printed.Contains($"The system's clock was set {said}.", StringComparison.Ordinal));
        }
    }

    private object Work(string id, string code, string? capability = null, object? retry = null) => new
    {
        task_id = id,
        language = "python",
        use_sandbox = false,
        code = string.Create(CultureInfo.InvariantCulture, $"import sys, time\nwith open('{Effects}', 'a') as file: file.write('{id}\\n')\n{code}"),
        capabilities = capability is null ? [] : new[] { capability },
        retry = retry ?? new { max_attempts = 1 },
    };

    private Task<ServerProcess> StartAsync(FakedClock clock) =>
        ServerProcess.StartAsync(_folder.FullName, clock.Variables, "--config", "config.yaml", "--max-tasks", "4");
}
