using System.Diagnostics;
using Executor.Tasks;

namespace Executor.Api.Executors.Connect;

/// <summary>The example of an executor in another language, from the documented protocol alone.</summary>
public sealed class PythonClientTests
{
    [Fact]
    public async Task Python_client_runs_tasks_and_reports_them()
    {
        await using TestServer server = await TestServer.StartAsync(apiKey: "sesame");
        using Process client = Start(server, "sesame");
        try
        {
            await server.SeeAsync("py", _ => true);
            string good = await server.SubmitAsync("print('grüße', 6 * 7)", "example");
            string bad = await server.SubmitAsync("raise SystemExit(3)", "example");
            string slow = await server.SubmitAsync(new TaskSpec { Code = "while True: pass", Timeout = TimeSpan.FromSeconds(0.3), Capabilities = ["example"] });

            TaskResult result = await server.ResultAsync(good);
            Assert.Equal((ExecutionStatus.Completed, "grüße 42\n", "py"), (result.Status, result.Stdout, result.ExecutorId));
            Assert.Equal("grüße 42\n", await server.WatchAsync(good));
            Assert.Equal((ExecutionStatus.Failed, 3), ((await server.ResultAsync(bad)).Status, (await server.ResultAsync(bad)).ExitCode));
            Assert.Equal((ExecutionStatus.Failed, true), ((await server.ResultAsync(slow)).Status, (await server.ResultAsync(slow)).TimedOut));
        }
        finally
        {
            await Signals.EndAsync(client);
        }
    }

    [Fact]
    public async Task Python_client_stops_what_is_cancelled()
    {
        await using TestServer server = await TestServer.StartAsync(apiKey: "sesame");
        using Process client = Start(server, "sesame");
        try
        {
            string id = await server.SubmitAsync("print('on', flush=True)\nimport time\ntime.sleep(600)", "example");
            await server.SeeOutputAsync(id);
            await server.Engine.CancelAsync(id, CancellationToken.None);
            Assert.Equal(ExecutionStatus.Cancelled, (await server.ResultAsync(id)).Status);
        }
        finally
        {
            await Signals.EndAsync(client);
        }
    }

    [Fact]
    public async Task Python_client_with_a_wrong_key_is_told()
    {
        await using TestServer server = await TestServer.StartAsync(apiKey: "sesame");
        using Process client = Start(server, "mellon");
        string error = await client.StandardError.ReadToEndAsync();
        await client.WaitForExitAsync();
        Assert.Contains("401", error, StringComparison.Ordinal);
    }

    private static Process Start(TestServer server, string apiKey) => Process.Start(
        new ProcessStartInfo("/usr/bin/python3", [Path.Combine(Repository.Root, "examples/worker.py"), server.Address.ToString(), "py", "example"])
        {
            Environment = { ["EXECUTOR_API_KEY"] = apiKey },
            RedirectStandardError = true,
        })!;
}
