using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;

namespace Executor.Cli.Commands;

/// <summary><c>executor serve</c>: its start, what keeps it from starting, its end.</summary>
public sealed partial class ServeTests : CliTest
{
    private const string Listening = "listening on ";

    [Fact]
    public async Task Start_is_told_in_one_line_with_the_port_that_was_found()
    {
        using CliProcess server = Serve("data");

        string printed = await server.SeeErrorAsync(Listening);

        Assert.Matches(@"^executor: listening on http://127\.0\.0\.1:[1-9]\d* \(SQLite .*executor\.db, 1 tasks at once\)\n$", printed);
        using HttpClient client = new() { BaseAddress = AddressIn(printed) };
        using HttpResponseMessage health = await client.GetAsync("/health");
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
    }

    [Fact]
    public async Task Data_folder_of_another_server_is_refused()
    {
        using CliProcess server = Serve("data");
        await server.SeeErrorAsync(Listening);

        AssertRefused(await ExecutorAsync("serve", "--port", "0", "--data", "data"), 2, "another server uses");
    }

    [Fact]
    public async Task Database_of_another_server_is_refused_whatever_the_data_folder()
    {
        Folder.Write("config.yaml", $"storage: {{sqlite: {Folder.At("tasks.db")}}}\nlogging: {{main: {{console_level: 'off'}}}}\n");
        using CliProcess server = Serve("one", "--config", "config.yaml");
        await server.SeeErrorAsync(Listening);

        CliOutput second = await ExecutorAsync("serve", "--port", "0", "--data", "two", "--config", "config.yaml");

        AssertRefused(second, 2, $"storage.sqlite: another server uses {Folder.At("tasks.db")}");
    }

    [Fact]
    public async Task Database_of_another_server_is_refused_by_whatever_name_and_link()
    {
        using CliProcess server = Serve("data");
        await server.SeeErrorAsync(Listening);
        File.CreateSymbolicLink(Folder.At("linked.db"), Folder.At("data/executor.db"));
        Directory.CreateSymbolicLink(Folder.At("way"), Folder.At("data"));
        foreach (string path in (string[])["data/executor.db", "linked.db", "way/executor.db"])
        {
            Folder.Write("config.yaml", $"storage: {{sqlite: {Folder.At(path)}}}\n");

            CliOutput second = await ExecutorAsync("serve", "--port", "0", "--data", "two", "--config", "config.yaml");

            AssertRefused(second, 2, $"storage.sqlite: another server uses {Folder.At(path)}");
        }
    }

    [Fact]
    public async Task Port_in_use_is_refused_with_what_to_do()
    {
        using CliProcess server = Serve("data");
        string port = $"{AddressIn(await server.SeeErrorAsync(Listening)).Port}";

        AssertRefused(await ExecutorAsync("serve", "--port", port, "--data", "other"), 125, "choose another port");
    }

    [Fact]
    public async Task Address_open_to_others_without_keys_is_refused() =>
        AssertRefused(await ExecutorAsync("serve", "--host", "0.0.0.0", "--port", "0", "--data", "data"), 2, "server.api_keys: ");

    [Fact]
    public async Task Data_folder_that_is_a_file_is_refused()
    {
        Folder.Write("data", "");

        AssertRefused(await ExecutorAsync("serve", "--port", "0", "--data", "data"), 2, "--data: ");
    }

    [Fact]
    public async Task First_signal_lets_a_running_task_finish()
    {
        using CliProcess server = Serve("data");
        using HttpClient client = new() { BaseAddress = AddressIn(await server.SeeErrorAsync(Listening)) };
        await SubmitAsync(client, "sh", "-c", $"echo > {Folder.At("running")}; until [ -e {Folder.At("go")} ]; do sleep 0.05; done; echo > {Folder.At("finished")}");
        await ExistsAsync(Folder.At("running"));

        server.Ask("TERM");
        await server.SeeErrorAsync("stopping");
        using HttpResponseMessage ready = await client.GetAsync("/ready");
        using HttpResponseMessage health = await client.GetAsync("/health");
        Folder.Write("go", "");
        CliOutput ended = await server.WaitAsync();

        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK), (ready.StatusCode, health.StatusCode));
        Assert.Equal(0, ended.ExitCode);
        Assert.True(File.Exists(Folder.At("finished")));
    }

    [Fact]
    public async Task Second_signal_ends_it_at_once()
    {
        using CliProcess server = Serve("data");
        using HttpClient client = new() { BaseAddress = AddressIn(await server.SeeErrorAsync(Listening)) };
        await SubmitAsync(client, "sh", "-c", $"echo > {Folder.At("running")}; sleep 60");
        await ExistsAsync(Folder.At("running"));

        server.Ask("INT");
        await server.SeeErrorAsync("stopping");
        server.Ask("TERM");

        Assert.Equal(143, (await server.WaitAsync()).ExitCode);
    }

    private CliProcess Serve(string data, params string[] args) =>
        CliProcess.Start(Folder.Path, ["serve", "--port", "0", "--data", data, "--max-tasks", "1", .. args]);

    private static async Task SubmitAsync(HttpClient client, params string[] command)
    {
        using HttpResponseMessage answer = await client.PostAsJsonAsync("/tasks", new { command, use_sandbox = false });
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
    }

    private static Task ExistsAsync(string path) => Poll.UntilAsync($"{path} is there", () => File.Exists(path));

    private static Uri AddressIn(string printed) => new(Address().Match(printed).Value);

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Address();
}
