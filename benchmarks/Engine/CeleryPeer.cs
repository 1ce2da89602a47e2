using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Executor.Benchmarks.Engine;

/// <summary>Celery with Redis (Debian's python3-celery, python3-redis, redis-server), started on loopback for the measurement.</summary>
internal sealed class CeleryPeer : IAsyncDisposable
{
    private const string Python = "/usr/bin/python3";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("executor-celery-");
    private readonly List<Process> _processes = [];
    private readonly string _url;

    private CeleryPeer(int port) => _url = $"redis://127.0.0.1:{port}/0";

    private static string Script => Path.Combine(AppContext.BaseDirectory, "Peers", "celery_noop.py");

    /// <summary>Starts it; null: it is not installed.</summary>
    public static async Task<CeleryPeer?> StartAsync()
    {
        if (!File.Exists("/usr/bin/redis-server") || !File.Exists(Python) || await RunAsync(Python, "-c", "import celery, redis") is null)
        {
            return null;
        }

        int port = FreePort();
        CeleryPeer peer = new(port);
        // As it comes: no append-only file, so nothing of it is durable.
        peer.Start("/usr/bin/redis-server", "--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--dir", peer._folder.FullName);
        peer.Start(Python, Script, "worker", peer._url, Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture));
        return peer;
    }

    /// <summary>Tasks a second, and the median of one alone in milliseconds.</summary>
    public async Task<(double Rate, double Alone)> MeasureAsync(int tasks)
    {
        string output = await RunAsync(Python, Script, "measure", _url, tasks.ToString(CultureInfo.InvariantCulture))
            ?? throw new InvalidOperationException("Celery's measurement failed.");
        string[] numbers = output.Split(' ');
        return (double.Parse(numbers[0], CultureInfo.InvariantCulture), double.Parse(numbers[1], CultureInfo.InvariantCulture));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Process process in Enumerable.Reverse(_processes))
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }

        _folder.Delete(recursive: true);
    }

    private void Start(string program, params string[] arguments) => _processes.Add(Process.Start(Info(program, arguments))!);

    private static async Task<string?> RunAsync(string program, params string[] arguments)
    {
        using Process process = Process.Start(Info(program, arguments))!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await error;
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : null;
    }

    private static ProcessStartInfo Info(string program, string[] arguments) =>
        new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["C_FORCE_ROOT"] = "1" } };

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
