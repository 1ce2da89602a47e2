using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Executor.Cli.Serving;

/// <summary><c>executor serve</c> as a process of its own, on a port of its own, to be killed.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly StringBuilder _printed = new();
    private readonly TaskCompletionSource<string> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Talks to it.</summary>
    public HttpClient Http { get; private set; } = null!;

    /// <summary>Where it listens.</summary>
    public Uri Address => Http.BaseAddress!;

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    public static Task<ServerProcess> StartAsync(string folder, params string[] args) => StartAsync(folder, new Dictionary<string, string>(), args);

    /// <summary>Starts one that can have only so many files open.</summary>
    public static Task<ServerProcess> StartWithFilesAsync(int files, string folder) =>
        StartAsync(["prlimit", $"--nofile={files}:{files}", "dotnet"], folder, new Dictionary<string, string>());

    /// <summary>Starts one whose files and folders any user may write, unless it sees to it.</summary>
    public static Task<ServerProcess> StartWithoutUmaskAsync(string folder, IReadOnlyDictionary<string, string> variables) =>
        StartAsync(["sh", "-c", "umask 0; exec \"$@\"", "sh", "dotnet"], folder, variables);

    public static Task<ServerProcess> StartAsync(string folder, IReadOnlyDictionary<string, string> variables, params string[] args) =>
        StartAsync(["dotnet"], folder, variables, args);

    private static async Task<ServerProcess> StartAsync(string[] command, string folder, IReadOnlyDictionary<string, string> variables, params string[] args)
    {
        ProcessStartInfo start = new(command[0], [.. command[1..], CliProcess.Assembly, "serve", "--data", folder, .. args])
        {
            WorkingDirectory = Directory.Exists(folder) ? folder : AppContext.BaseDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["EXECUTOR_CONFIG"] = "" },
        };
        foreach ((string name, string value) in variables)
        {
            start.Environment[name] = value;
        }

        if (!args.Contains("--port"))
        {
            start.ArgumentList.Add("--port");
            start.ArgumentList.Add("0");
        }

        ServerProcess server = new(start);
        // It closes what it prints to before it has ended, so that the end of that tells nothing.
        Task ended = server._process.WaitForExitAsync();
        if (await Task.WhenAny(server._address.Task, ended).WaitAsync(TimeLimit) == ended)
        {
            string printed = server.Printed;
            await server.DisposeAsync();
            throw new InvalidOperationException($"The server ended: {printed}");
        }

        string address = await server._address.Task;
        server.Http = new HttpClient { BaseAddress = new Uri(address), Timeout = TimeLimit };
        return server;
    }

    /// <summary>The most memory that it has had so far, in MiB.</summary>
    public async Task<long> PeakMbAsync()
    {
        string status = await File.ReadAllTextAsync($"/proc/{Id}/status");
        return long.Parse(Peak().Match(status).Groups[1].Value, CultureInfo.InvariantCulture) >> 10;
    }

    /// <summary>Ends it as a crash would.</summary>
    public Task KillAsync() => Signals.KillAsync(_process);

    /// <summary>Asks it to end, and waits.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync()
    {
        Signals.Ask(_process.Id, "TERM");
        return await EndAsync();
    }

    /// <summary>Waits until it has ended.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(TimeLimit);
        return _process.ExitCode;
    }

    /// <summary>Submits tasks as one batch; they have ids.</summary>
    public async Task SubmitAsync(IEnumerable<object> tasks)
    {
        using HttpResponseMessage answer = await Http.PostAsJsonAsync("/tasks/batch", tasks);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>The result of a task, waited for.</summary>
    public async Task<JsonElement> ResultAsync(string taskId)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < TimeLimit * 2)
        {
            using HttpResponseMessage answer = await Http.GetAsync($"/tasks/{taskId}/result?wait=20");
            if (answer.StatusCode == System.Net.HttpStatusCode.OK)
            {
                return await answer.Content.ReadFromJsonAsync<JsonElement>();
            }
        }

        throw new TimeoutException($"Task {taskId} did not end. The server said:\n{Printed}");
    }

    /// <summary>How many tasks are of a status.</summary>
    public async Task<JsonElement> GetAsync(string path) => await Http.GetFromJsonAsync<JsonElement>(path);

    /// <summary>What it printed.</summary>
    public string Printed
    {
        get
        {
            lock (_printed)
            {
                return _printed.ToString();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http?.Dispose();
        await Signals.EndAsync(_process);
        _process.Dispose();
    }

    private void Read(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_printed)
        {
            _printed.AppendLine(line);
        }

        if (Listening().Match(line) is { Success: true } found)
        {
            _address.TrySetResult(found.Value);
        }
    }

    [GeneratedRegex(@"VmHWM:\s+(\d+) kB")]
    private static partial Regex Peak();

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Listening();
}
