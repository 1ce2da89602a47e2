using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Executor.Silo.Network;

namespace Executor.Silo;

/// <summary>The built silo as a process of its own, as users start it.</summary>
internal sealed partial class SiloProcess : IDisposable
{
    private const string ApiKey = "key-of-the-tests";
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly StringBuilder _said = new();
    private readonly Task _reading;

    private SiloProcess(Process process, SiloPlace place, int[] ports, HttpClient http)
    {
        (_process, Place, SiloPort, GatewayPort, Http) = (process, place, ports[1], ports[2], http);
        _reading = ReadAsync();
    }

    /// <summary>The silo that tests start.</summary>
    public static string Program { get; } = StartedProgram.PathOf("executor-silo");

    public SiloPlace Place { get; }

    public int SiloPort { get; }

    public int GatewayPort { get; }

    /// <summary>A condition on the column <c>executor_id</c>.</summary>
    public string IsExecutor => $"executor_id LIKE 'silo-%-{Text(SiloPort)}-%'";

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
    /// <param name="folder">Where it keeps its files and its configuration.</param>
    /// <param name="postgres">The cluster's database; null: it is alone.</param>
    /// <param name="place">Where it runs; null: on loopback.</param>
    /// <param name="configuration">Its configuration, but for <c>logging</c> and, elsewhere than on loopback, <c>server</c>.</param>
    /// <param name="variables">Further environment variables.</param>
    public static SiloProcess Start(
        string folder, string? postgres, SiloPlace? place = null, string configuration = "", IReadOnlyDictionary<string, string>? variables = null)
    {
        place ??= SiloPlace.Loopback;
        int[] ports = FreePorts(3);
        string data = Directory.CreateDirectory(Path.Combine(folder, $"silo-{ports[0]}")).FullName;
        string config = Path.Combine(folder, $"silo-{ports[0]}.yaml");
        string server = place.Namespace is null ? "" : $"server: {{api_keys: [{ApiKey}]}}\n";
        File.WriteAllText(config, $"logging: {{main: {{console_level: info}}}}\n{server}{configuration}");
        string[] command =
        [
            .. place.Namespace is string space ? new[] { "nsenter", $"--net=/run/netns/{space}" } : [],
            "dotnet", Program,
            "--host", place.ApiAddress, "--address", place.Address,
            "--port", Text(ports[0]), "--silo-port", Text(ports[1]), "--gateway-port", Text(ports[2]),
            "--data", data, "--max-tasks", "4", "--config", config,
            .. postgres is null ? [] : new[] { "--postgres", postgres },
        ];
        ProcessStartInfo start = new(command[0], command[1..])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (place.Namespace is not null)
        {
            start.Environment["EXECUTOR__CLUSTER__TRUST_NETWORK"] = "true";
        }

        foreach ((string name, string value) in variables ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        Process process = Process.Start(start)!;
        HttpClient http = new() { BaseAddress = new Uri($"http://{place.ApiAddress}:{Text(ports[0])}"), Timeout = TimeLimit };
        if (place.Namespace is not null)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ApiKey);
        }

        return new SiloProcess(process, place, ports, http);
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

    /// <summary>Hands in tasks.</summary>
    public async Task SubmitAsync(IEnumerable<string> ids, Work work)
    {
        foreach (HttpContent batch in work.Batches(ids))
        {
            using HttpResponseMessage answer = await PostAsync(batch);
            Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        }
    }

    /// <summary>Hands in a batch, whatever the answer.</summary>
    public Task<HttpResponseMessage> PostAsync(HttpContent batch) => Http.PostAsync(new Uri("/tasks/batch", UriKind.Relative), batch);

    /// <summary>A task's result, as the API answers it.</summary>
    public Task<string> ResultAsync(string id) => Http.GetStringAsync(new Uri($"/tasks/{id}/result?wait=30", UriKind.Relative));

    /// <summary>Ends it as a crash does.</summary>
    public Task KillAsync() => Signals.KillAsync(_process);

    /// <summary>Asks it to end.</summary>
    public void Terminate() => Signals.Ask(_process.Id, "TERM");

    /// <summary>Has it stand still.</summary>
    public Task FreezeAsync() => Signals.StopAsync(_process.Id);

    /// <summary>Has it go on.</summary>
    public Task ThawAsync() => Signals.ContinueAsync(_process.Id);

    /// <summary>Waits for its end.</summary>
    public async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(TimeLimit);
        await _reading;
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (IsRunning)
        {
            _process.Kill(entireProcessTree: true);
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

    /// <summary>Ports that nobody listens on.</summary>
    public static int[] FreePorts(int count)
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
