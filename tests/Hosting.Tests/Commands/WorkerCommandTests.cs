using System.Net;
using System.Net.Sockets;
using Executor.Executors;
using Executor.Hosting.Working;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Hosting.Commands;

public sealed class WorkerCommandTests
{
    [Fact]
    public async Task Worker_runs_tasks_and_their_output_is_watched()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using WorkerProcess worker = WorkerProcess.Start(server.Http.ToString(), "--id", "w1", "--max-tasks", "2", "--capability", "a", "--capability", "b");
        ExecutorInfo info = await server.SeeAsync("w1", _ => true);
        Assert.Equal((2, "a b"), (info.Registration.MaxTasks, string.Join(' ', info.Registration.Capabilities!)));

        string id = await server.SubmitAsync("import sys\nprint('out')\nsys.stdout.buffer.write(b'\\xff\\x00')", "a");
        TaskResult result = await server.ResultAsync(id);

        Assert.Equal((ExecutionStatus.Completed, "out\n\ufffd\0", "w1"), (result.Status, result.Stdout, result.ExecutorId));
        Assert.Equal("out\n\ufffd\0", await server.WatchAsync(id));
    }

    [Fact]
    public async Task Worker_stops_a_task_that_is_cancelled()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using WorkerProcess worker = WorkerProcess.Start(server.Http.ToString(), "--id", "w1");
        string id = await server.SubmitAsync("print('on')\nimport time\ntime.sleep(600)");
        await server.SeeOutputAsync(id);
        await server.Engine.CancelAsync(id, CancellationToken.None);
        TaskResult result = await server.ResultAsync(id);
        Assert.Equal((ExecutionStatus.Cancelled, "on\n"), (result.Status, result.Stdout));
    }

    [Fact]
    public async Task Worker_that_is_killed_loses_its_task_to_another()
    {
        await using TestServer server = await TestServer.StartAsync();
        WorkerProcess first = WorkerProcess.Start(server.Http.ToString(), "--id", "first");
        using Gate gate = new();
        string id = await server.SubmitAsync(gate);
        await server.SeeOutputAsync(id);
        await first.KillAsync();
        await first.DisposeAsync();
        gate.Open();

        // One of the same id need not wait for the lease to run out.
        await using WorkerProcess second = WorkerProcess.Start(server.Http.ToString(), "--id", "first");
        TaskResult result = await server.ResultAsync(id);
        Assert.Equal((ExecutionStatus.Completed, 2), (result.Status, result.Attempt));
    }

    [Fact]
    public async Task Worker_that_is_asked_to_end_finishes_what_it_runs_and_leaves()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using WorkerProcess worker = WorkerProcess.Start(server.Http.ToString(), "--id", "w1", "--max-tasks", "2");
        using Gate gate = new();
        string id = await server.SubmitAsync(gate);
        await server.SeeOutputAsync(id);
        worker.Ask("TERM");
        await server.SeeAsync("w1", info => info.Status == ExecutorStatus.Draining);
        string next = await server.SubmitAsync("1");
        gate.Open();

        (int exitCode, string said) = await worker.EndAsync();
        Assert.Equal(0, exitCode);
        Assert.Contains("1 tasks are finished first", said, StringComparison.Ordinal);
        Assert.Equal("on\ndone\n", (await server.ResultAsync(id)).Stdout);
        await server.SeeGoneAsync("w1");
        Assert.Equal(ExecutionStatus.Pending, (await server.Engine.GetAsync(next, CancellationToken.None))!.Record.State.Status);
    }

    [Fact]
    public async Task Worker_that_is_asked_twice_gives_its_task_back_at_once()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using WorkerProcess worker = WorkerProcess.Start(server.Http.ToString(), "--id", "w1");
        string id = await server.SubmitAsync("print('on')\nimport time\ntime.sleep(600)");
        await server.SeeOutputAsync(id);
        worker.Ask("TERM");
        await worker.SeeAsync("finished first");
        worker.Ask("TERM");

        Assert.Equal(143, (await worker.EndAsync()).ExitCode);
        await server.SeeGoneAsync("w1");
        (TestExecutor other, _) = await TestExecutor.RegisterAsync(server, "other");
        using TestExecutor owned = other;
        System.Text.Json.JsonElement run = await other.ReceiveAsync("run");
        Assert.Equal((id, 2), (run.GetProperty("task").GetProperty("task_id").GetString(), run.GetProperty("attempt").GetInt32()));
    }

    [Fact]
    public async Task Worker_drains_when_the_server_asks()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using WorkerProcess worker = WorkerProcess.Start(server.Http.ToString(), "--id", "w1");
        await server.SeeAsync("w1", _ => true);
        await server.Engine.DrainExecutorAsync("w1", CancellationToken.None);
        Assert.Equal(0, (await worker.EndAsync()).ExitCode);
        await server.SeeGoneAsync("w1");
    }

    [Fact]
    public async Task Worker_comes_back_when_the_server_does()
    {
        int port = FreePort();
        InMemoryTaskStore store = new(TimeProvider.System);
        TestServer server = await TestServer.StartAsync(port: port, store: store);
        await using WorkerProcess worker = WorkerProcess.Start(server.Http.ToString(), "--id", "w1");
        await server.SeeAsync("w1", _ => true);
        await server.StopAsync();
        await worker.SeeAsync("the server is stopping; trying again");
        await server.DisposeAsync();

        await using TestServer next = await TestServer.StartAsync(port: port);
        string id = await next.SubmitAsync("print(1)");
        Assert.Equal("1\n", (await next.ResultAsync(id)).Stdout);
    }

    [Fact]
    public async Task Worker_whose_place_another_takes_ends()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using WorkerProcess worker = WorkerProcess.Start(server.Http.ToString(), "--id", "w1");
        await server.SeeAsync("w1", _ => true);
        (TestExecutor other, _) = await TestExecutor.RegisterAsync(server, "w1");
        using TestExecutor owned = other;
        (int exitCode, string said) = await worker.EndAsync();
        Assert.Equal(1, exitCode);
        Assert.Contains("executor: another connection registered as 'w1'", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("drain")]
    [InlineData(null)]
    public async Task Supervised_worker_ends_as_its_input_says(string? line)
    {
        await using TestServer server = await TestServer.StartAsync();
        await using WorkerProcess worker = WorkerProcess.Start(server.Http.ToString(), "--id", "w1", "--supervised");
        await server.SeeAsync("w1", _ => true);
        if (line is null)
        {
            worker.CloseInput();
        }
        else
        {
            await worker.TellAsync(line);
        }

        Assert.Equal(0, (await worker.EndAsync()).ExitCode);
        await server.SeeGoneAsync("w1");
    }

    [Theory]
    [InlineData("", "wants an API key: give it by --api-key or EXECUTOR_API_KEY")]
    [InlineData("mellon", "refuses the API key that --api-key or EXECUTOR_API_KEY gives")]
    public async Task Worker_without_the_right_key_says_so_and_ends(string apiKey, string message)
    {
        await using TestServer server = await TestServer.StartAsync(apiKey: "sesame");
        await using WorkerProcess worker = WorkerProcess.Start(server.Http.ToString(), apiKey, []);
        (int exitCode, string said) = await worker.EndAsync();
        Assert.Equal(2, exitCode);
        Assert.Contains(message, said, StringComparison.Ordinal);
        Assert.DoesNotContain("mellon", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Worker_at_the_wrong_path_says_so_and_ends()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using WorkerProcess worker = WorkerProcess.Start(new Uri(server.Http, "/worker").ToString());
        (int exitCode, string said) = await worker.EndAsync();
        Assert.Equal(2, exitCode);
        Assert.Contains("is not where a server takes executors (it answers 404)", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Worker_waits_for_a_server_that_is_not_there_yet()
    {
        int port = FreePort();
        await using WorkerProcess worker = WorkerProcess.Start($"http://127.0.0.1:{port}", "--id", "w1");
        await worker.SeeAsync("can't be reached: Connection refused");
        await using TestServer server = await TestServer.StartAsync(port: port);
        await server.SeeAsync("w1", _ => true);
    }

    [Theory]
    [InlineData("--connect: must be the server's address", "localhost")]
    [InlineData("--max-tasks: must be a whole number, was 'two'", "http://localhost:1", "--max-tasks", "two")]
    [InlineData("--python: ", "http://localhost:1", "--python", "/no/such/python")]
    public async Task Bad_options_are_told(string message, string address, params string[] args)
    {
        await using WorkerProcess worker = WorkerProcess.Start(address, args);
        (int exitCode, string said) = await worker.EndAsync();
        Assert.Equal(2, exitCode);
        Assert.Contains(message, said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Worker_that_offers_nonsense_is_told_by_the_server()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using WorkerProcess worker = WorkerProcess.Start(server.Http.ToString(), "--max-tasks", "0");
        (int exitCode, string said) = await worker.EndAsync();
        Assert.Equal(2, exitCode);
        Assert.Contains("max_tasks: is 0", said, StringComparison.Ordinal);
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
