using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using Executor.Executors;

namespace Executor.Api.Executors.Connect;

public sealed class RegistrationTests : IAsyncLifetime
{
    private TestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync();

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Registered_executor_is_listed_with_what_it_said()
    {
        (TestExecutor executor, JsonElement registered) = await TestExecutor.RegisterAsync(
            _server, "gpu-1", """, "port": 7001, "max_tasks": 3, "capabilities": ["gpu"], "cpus": 2.5, "memory_mb": 4096, "gpu_devices": [0, 1]""");
        using (executor)
        {
            Assert.Equal((1, 15), (registered.GetProperty("protocol").GetInt32(), registered.GetProperty("lease_sec").GetInt32()));
            ExecutorInfo info = await _server.SeeAsync("gpu-1", _ => true);
            Assert.Equal((7001, 3, 2.5, 4096), (info.Registration.Port, info.Registration.MaxTasks, info.Registration.Cpus, info.Registration.MemoryMb));
            Assert.Equal(["gpu"], info.Registration.Capabilities);
        }
    }

    [Theory]
    [InlineData("""{"type":"register","host":"h"}""", "register.executor_id: is missing")]
    [InlineData("""{"type":"register","executor_id":"","host":"h"}""", "executor_id: must have")]
    [InlineData("""{"type":"register","executor_id":"a","host":"h","max_tasks":0}""", "max_tasks: is 0; it must be from 1 to 1,000,000")]
    [InlineData("""{"type":"register","executor_id":"a","host":"h","max_tasks":-2000000000}""", "max_tasks: is -2000000000")]
    [InlineData("""{"type":"register","executor_id":"a","host":"h","max_tasks":2000000000}""", "max_tasks: is 2000000000")]
    [InlineData("""{"type":"register","executor_id":"a","host":"h","max_tasks":"two"}""", "register.max_tasks: must be a whole number, was the text \"two\"")]
    [InlineData("""{"type":"register","executor_id":"a","host":"h","port":70000}""", "port: is 70000")]
    [InlineData("""{"type":"register","executor_id":"a","host":"h","capabilities":[null]}""", "register.capabilities: holds null")]
    [InlineData("""{"type":"register","executor_id":"a","host":"h","capabilites":["x"]}""", "register.capabilites: unknown field; did you mean capabilities?")]
    [InlineData("""{"type":"register","executor_id":"a","host":"h","runners":["localhorst"]}""", "register.runners[0]: must be one of localhost, docker, ssh")]
    [InlineData("""{"type":"register","executor_id":"a","host":"h","running":[{"task_id":"t"}]}""", "register.running[0].attempt: is 0 or missing")]
    [InlineData("""{"type":"register","protocol":2,"executor_id":"a","host":"h"}""", "register.protocol: is 2; this server speaks version 1")]
    [InlineData("""{"type":"heartbeat","running":[]}""", "the first frame must be register, was heartbeat")]
    [InlineData("hello", "the frame is not valid JSON")]
    public async Task Registration_that_is_not_valid_is_refused_by_field(string frame, string message)
    {
        using TestExecutor executor = await TestExecutor.ConnectAsync(_server);
        await executor.SendAsync(frame);
        Assert.Contains(message, await executor.RefusedAsync(1008), StringComparison.Ordinal);
        Assert.Empty(await _server.Engine.ListExecutorsAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Registration_said_twice_ends_the_connection()
    {
        (TestExecutor executor, _) = await TestExecutor.RegisterAsync(_server);
        using (executor)
        {
            await executor.SendAsync("""{"type":"register","executor_id":"e2","host":"h"}""");
            Assert.Contains("has been said", await executor.RefusedAsync(1008), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Second_connection_of_an_id_takes_the_place_of_the_first()
    {
        (TestExecutor first, _) = await TestExecutor.RegisterAsync(_server);
        (TestExecutor second, _) = await TestExecutor.RegisterAsync(_server);
        using (first)
        using (second)
        {
            Assert.Contains("another connection registered as 'e1'", await first.RefusedAsync(4001), StringComparison.Ordinal);
            string task = await _server.SubmitAsync("1");
            Assert.Equal(task, (await second.ReceiveAsync("run")).GetProperty("task").GetProperty("task_id").GetString());
        }
    }

    [Fact]
    public async Task Connection_that_says_nothing_is_given_up()
    {
        ObservedTime time = new();
        await using TestServer server = await TestServer.StartAsync(time);
        using TestExecutor executor = await TestExecutor.ConnectAsync(server);
        Task<JsonElement?> answer = executor.ReceiveAsync();
        await time.WaitedForAsync(TimeSpan.FromSeconds(10));
        time.Advance(TimeSpan.FromSeconds(10));

        await Assert.ThrowsAsync<WebSocketException>(() => answer);
    }

    [Fact]
    public async Task Request_without_a_web_socket_is_told_what_the_address_is_for()
    {
        using HttpClient client = new() { BaseAddress = _server.Http };
        using HttpResponseMessage answer = await client.GetAsync("/executors/connect");
        Assert.Equal(HttpStatusCode.UpgradeRequired, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains("by WebSocket", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_that_stops_says_so()
    {
        await using TestServer server = await TestServer.StartAsync();
        (TestExecutor executor, _) = await TestExecutor.RegisterAsync(server);
        using (executor)
        {
            Task stopping = server.StopAsync();
            Assert.Contains("the server is stopping", await executor.RefusedAsync(1001), StringComparison.Ordinal);
            await stopping;
        }
    }
}
