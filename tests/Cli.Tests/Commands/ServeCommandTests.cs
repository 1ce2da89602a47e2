using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Executor.Cli.Commands;

/// <summary><c>executor serve</c> as a process: how it starts and how it ends.</summary>
public sealed partial class ServeCommandTests : CliTest
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromMinutes(1) };

    [Fact]
    public async Task Start_is_told_with_address_storage_and_tasks_at_once()
    {
        using CliProcess server = Serve("data", "--max-tasks", "3");

        string said = await server.SeeErrorAsync("at once)");

        Assert.Matches($@"^executor: listening on http://127\.0\.0\.1:\d+ \(SQLite {Regex.Escape(Folder.At("data"))}/\S+, 3 tasks at once\)\n$", said);
        using HttpResponseMessage answer = await Http.GetAsync(AddressIn(said) + "/ready");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        server.Ask("TERM");
        CliOutput output = await server.WaitAsync();
        Assert.Equal((0, ""), (output.ExitCode, output.Stdout));
        Assert.EndsWith("executor: stopping; what runs has 10 s to finish, else it runs again after the next start; a second signal ends this at once\n", output.Stderr, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_c_stops_it_too()
    {
        using CliProcess server = Serve("data");
        await ListenAsync(server);

        server.Ask("INT");

        Assert.Equal(0, (await server.WaitAsync()).ExitCode);
    }

    [Fact]
    public async Task Port_that_is_taken_is_refused_with_the_way_out()
    {
        using TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;

        CliOutput output = await ExecutorAsync("serve", "--data", "data", "--port", $"{port}");

        AssertRefused(output, 125, $"can't listen on 127.0.0.1:{port}: another program listens there; stop it, or choose another port (--port");
    }

    [Fact]
    public async Task Data_folder_of_another_server_is_refused()
    {
        using CliProcess server = Serve("data");
        await ListenAsync(server);

        AssertRefused(await ExecutorAsync("serve", "--data", "data", "--port", "0"), 2, "another server uses");
    }

    [Fact]
    public async Task Data_folder_that_is_a_file_is_refused()
    {
        Folder.Write("data", "");

        AssertRefused(await ExecutorAsync("serve", "--data", "data", "--port", "0"), 2, "--data:");
    }

    [Fact]
    public async Task Address_that_others_reach_needs_keys()
    {
        AssertRefused(await ExecutorAsync("serve", "--data", "data", "--port", "0", "--host", "0.0.0.0"), 2, "server.api_keys");
    }

    [Fact]
    public async Task Address_that_others_reach_is_served_with_keys()
    {
        Folder.Write("my.yaml", "server: {host: 0.0.0.0, api_keys: [sesame]}\n");
        using CliProcess server = Serve("data", "--config", "my.yaml");

        string port = new Uri(await ListenAsync(server)).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);

        using HttpRequestMessage request = new(HttpMethod.Get, $"http://127.0.0.1:{port}/tasks");
        using HttpResponseMessage refused = await Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        using HttpRequestMessage withKey = new(HttpMethod.Get, $"http://127.0.0.1:{port}/tasks") { Headers = { { "Authorization", "Bearer sesame" }, { "Host", "server.example" } } };
        using HttpResponseMessage answer = await Http.SendAsync(withKey);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("server: {prot: 1}", "my.yaml:1: server.prot")]
    [InlineData("server:\n  port: 70000", "my.yaml:2: server.port")]
    [InlineData("server: {max_queue: 0}", "server.max_queue")]
    public async Task Bad_configuration_is_refused_with_file_line_and_key(string yaml, string message)
    {
        Folder.Write("my.yaml", yaml);

        AssertRefused(await ExecutorAsync("serve", "--data", "data", "--config", "my.yaml"), 2, message);
    }

    [Theory]
    [InlineData("--port", "65536")]
    [InlineData("--port", "x")]
    [InlineData("--max-tasks", "-1")]
    [InlineData("--grace", "-1")]
    [InlineData("--grace", "1e9")]
    public async Task Bad_option_is_refused(string option, string value)
    {
        CliOutput output = await ExecutorAsync("serve", "--data", "data", option, value);

        Assert.Equal(2, output.ExitCode);
        Assert.Contains(option, output.Stderr, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Folder.At("data")));
    }

    [Fact]
    public async Task Task_that_runs_at_the_first_signal_may_finish()
    {
        using CliProcess server = Serve("data");
        string address = await ListenAsync(server);
        using Gate gate = new();
        await SubmitAsync(address, "a", $"print('on', flush=True)\n{gate.Wait}print('done')", sandboxed: false);
        await SeeOutputAsync(address, "a");

        server.Ask("TERM");
        await server.SeeErrorAsync("executor: stopping");
        gate.Open();

        Assert.Equal(0, (await server.WaitAsync()).ExitCode);
        using CliProcess next = Serve("data", "--max-tasks", "0");
        JsonElement result = await ResultAsync(await ListenAsync(next), "a");
        Assert.Equal(("COMPLETED", "on\ndone\n", 1), (result.GetProperty("status").GetString(), result.GetProperty("stdout").GetString(), result.GetProperty("attempt").GetInt32()));
    }

    [Fact]
    public async Task Without_grace_what_runs_is_not_waited_for_and_runs_again_after_the_next_start()
    {
        using CliProcess server = Serve("data", "--grace", "0");
        string address = await ListenAsync(server);
        using Gate gate = new();
        await SubmitAsync(address, "a", $"print('on', flush=True)\n{gate.Wait}", sandboxed: false);
        await SeeOutputAsync(address, "a");

        server.Ask("TERM");

        Assert.Equal(0, (await server.WaitAsync()).ExitCode);
        gate.Open();
        using CliProcess next = Serve("data");
        JsonElement result = await ResultAsync(await ListenAsync(next), "a");
        Assert.Equal("COMPLETED", result.GetProperty("status").GetString());
    }

    [Fact]
    public async Task Second_signal_ends_at_once_and_what_ran_runs_again_after_the_next_start()
    {
        using CliProcess server = Serve("data");
        string address = await ListenAsync(server);
        using Gate gate = new();
        await SubmitAsync(address, "a", $"print('on', flush=True)\n{gate.Wait}", sandboxed: false);
        await SeeOutputAsync(address, "a");
        server.Ask("TERM");
        await server.SeeErrorAsync("executor: stopping");

        server.Ask("TERM");

        Assert.Equal(143, (await server.WaitAsync()).ExitCode);
        gate.Open();
        using CliProcess next = Serve("data");
        JsonElement result = await ResultAsync(await ListenAsync(next), "a");
        Assert.Equal("COMPLETED", result.GetProperty("status").GetString());
    }

    [Fact]
    public async Task Tasks_that_waited_run_after_the_next_start()
    {
        using (CliProcess server = Serve("data", "--max-tasks", "0"))
        {
            await SubmitAsync(await ListenAsync(server), "a", "print('late')");
            await server.KillAsync();
        }

        using CliProcess next = Serve("data");

        Assert.Equal("late\n", (await ResultAsync(await ListenAsync(next), "a")).GetProperty("stdout").GetString());
    }

    [Fact]
    public async Task Other_names_of_this_machine_are_not_served_without_keys()
    {
        using CliProcess server = Serve("data");
        using HttpRequestMessage request = new(HttpMethod.Get, await ListenAsync(server) + "/tasks") { Headers = { Host = "evil.example" } };

        using HttpResponseMessage answer = await Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    private CliProcess Serve(string data, params string[] options) => CliProcess.Start(Folder.Path, ["serve", "--port", "0", "--data", data, .. options]);

    private static async Task<string> ListenAsync(CliProcess server) => AddressIn(await server.SeeErrorAsync(" (SQLite"));

    private static string AddressIn(string said) => Address().Match(said).Value;

    private static async Task SubmitAsync(string address, string taskId, string code, bool sandboxed = true)
    {
        using HttpResponseMessage answer = await Http.PostAsJsonAsync(
            $"{address}/tasks", new { task_id = taskId, language = "python", code, use_sandbox = sandboxed });
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
    }

    /// <summary>Waits until the task has printed something.</summary>
    private static async Task SeeOutputAsync(string address, string taskId)
    {
        using HttpResponseMessage answer = await Http.GetAsync($"{address}/tasks/{taskId}/output?format=text", HttpCompletionOption.ResponseHeadersRead);
        await using Stream output = await answer.Content.ReadAsStreamAsync();
        Assert.NotEqual(0, await output.ReadAsync(new byte[1]));
    }

    private static async Task<JsonElement> ResultAsync(string address, string taskId)
    {
        using HttpResponseMessage answer = await Http.GetAsync($"{address}/tasks/{taskId}/result?wait=50");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    [GeneratedRegex(@"http://[\d.]+:\d+")]
    private static partial Regex Address();
}
