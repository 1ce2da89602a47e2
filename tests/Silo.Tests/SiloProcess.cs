using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Executor.Silo;

/// <summary>The built silo as a process of its own, as users start it.</summary>
internal sealed partial class SiloProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly StringBuilder _said = new();
    private readonly Task _reading;

    private SiloProcess(Process process, int[] ports, HttpClient http)
    {
        (_process, SiloPort, GatewayPort, Http) = (process, ports[1], ports[2], http);
        _reading = ReadAsync();
    }

    public int SiloPort { get; }

    public int GatewayPort { get; }

    public HttpClient Http { get; }

    public bool IsRunning => !_process.HasExited;

    public string Said
    {
        get
        {
            lock (_said)
            {
                return _said.ToString();
            }
        }
    }

    /// <summary>The number of the last scheduler that began to work here; 0: none did.</summary>
    public int Epoch => SchedulerWorks().Matches(Said) is [.., Match last] ? int.Parse(last.Groups[1].Value, CultureInfo.InvariantCulture) : 0;

    /// <summary>Starts one; it is ready when <see cref="ReadyAsync"/> ends.</summary>
    /// <param name="folder">Where it keeps its files; holds its configuration.</param>
    /// <param name="postgres">The cluster's database; null: it is alone.</param>
    /// <param name="maxTasks">Tasks at once.</param>
    /// <param name="configuration">Its configuration, but for <c>logging</c>.</param>
    /// <param name="variables">Further environment variables.</param>
    public static SiloProcess Start(string folder, string? postgres, int maxTasks = 2, string configuration = "", IReadOnlyDictionary<string, string>? variables = null)
    {
        int[] ports = FreePorts(3);
        string config = Path.Combine(folder, $"config-{ports[0]}.yaml");
        File.WriteAllText(config, $"logging: {{main: {{console_level: info}}}}\n{configuration}");
        string data = Directory.CreateDirectory(Path.Combine(folder, $"silo-{ports[0]}")).FullName;
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "executor-silo.dll"),
            "--port", Text(ports[0]), "--silo-port", Text(ports[1]), "--gateway-port", Text(ports[2]),
            "--data", data, "--max-tasks", Text(maxTasks), "--config", config,
            .. postgres is null ? [] : new[] { "--postgres", postgres },
        ];
        ProcessStartInfo start = new("dotnet", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in variables ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        Process process = Process.Start(start)!;
        return new SiloProcess(process, ports, new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{Text(ports[0])}"), Timeout = Patience });
    }

    /// <summary>Waits until it takes tasks.</summary>
    public Task ReadyAsync() => Poll.UntilAsync($"the silo on port {SiloPort} is ready", async () =>
    {
        Assert.True(IsRunning, $"The silo ended: {Said}");
        try
        {
            using HttpResponseMessage answer = await Http.GetAsync(new Uri("/ready", UriKind.Relative));
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    });

    /// <summary>Asks for something.</summary>
    public async Task<(HttpStatusCode Status, string Body)> GetAsync(string path)
    {
        using HttpResponseMessage answer = await Http.GetAsync(new Uri(path, UriKind.Relative));
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Hands in tasks, each with an id, that run some Python.</summary>
    public async Task SubmitAsync(IEnumerable<string> ids, string code, bool useSandbox = true)
    {
        foreach (string[] chunk in ids.Chunk(100))
        {
            using HttpResponseMessage answer = await Http.PostAsJsonAsync(
                new Uri("/tasks/batch", UriKind.Relative),
                new { tasks = chunk.Select(id => new { task_id = id, language = "python", code, use_sandbox = useSandbox }) });
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        }
    }

    /// <summary>Ends it as a crash does.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Sends it a signal (<c>TERM</c>, <c>STOP</c>, <c>CONT</c>).</summary>
    public async Task SignalAsync(string name)
    {
        using Process kill = Process.Start("kill", [$"-{name}", Text(_process.Id)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Waits for its end.</summary>
    public async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        await _reading;
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (IsRunning)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
        Http.Dispose();
    }

    private async Task ReadAsync()
    {
        Task output = _process.StandardOutput.ReadToEndAsync();
        while (await _process.StandardError.ReadLineAsync() is string line)
        {
            lock (_said)
            {
                _said.AppendLine(line);
            }
        }

        await output;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int[] FreePorts(int count)
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        foreach (TcpListener listener in listeners)
        {
            listener.Start();
        }

        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        foreach (TcpListener listener in listeners)
        {
            listener.Dispose();
        }

        return ports;
    }

    [GeneratedRegex(@"works on this silo \(epoch (\d+)\)")]
    private static partial Regex SchedulerWorks();
}
