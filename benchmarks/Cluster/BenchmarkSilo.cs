using System.Diagnostics;
using System.Globalization;

namespace Executor.Benchmarks.Cluster;

/// <summary>A silo as a process of its own.</summary>
internal sealed class BenchmarkSilo : IDisposable
{
    private readonly Process _process;
    private readonly HttpClient _http;

    private BenchmarkSilo(Process process, int index) => (_process, _http) = (process, new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{ApiPort(index)}") });

    public TimeSpan CpuTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public double MemoryMb
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1048576.0;
        }
    }

    // Below those that the system gives to outgoing connections.
    public static int GatewayPort(int index) => 23_100 + index;

    public static BenchmarkSilo Start(int index, string postgres, string folder, int maxTasks)
    {
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "executor-silo.dll"),
            "--port", Text(ApiPort(index)), "--silo-port", Text(23_200 + index), "--gateway-port", Text(GatewayPort(index)),
            "--postgres", postgres, "--data", Path.Combine(folder, Text(index)), "--max-tasks", Text(maxTasks),
        ];
        ProcessStartInfo start = new("dotnet", arguments)
        {
            RedirectStandardInput = true,
            Environment = { ["EXECUTOR_CONFIG"] = "" },
        };
        return new BenchmarkSilo(Process.Start(start)!, index);
    }

    public async Task ReadyAsync()
    {
        using CancellationTokenSource timeLimit = new(TimeSpan.FromMinutes(1));
        while (true)
        {
            try
            {
                using HttpResponseMessage answer = await _http.GetAsync(new Uri("/ready", UriKind.Relative), timeLimit.Token);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(100, timeLimit.Token);
        }
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _http.Dispose();
    }

    private static int ApiPort(int index) => 23_300 + index;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
