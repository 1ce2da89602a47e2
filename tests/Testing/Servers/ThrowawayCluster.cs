using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Executor.Testing;

/// <summary>A PostgreSQL server of our own, with its data in a temporary folder, or in memory.</summary>
public sealed class ThrowawayCluster : IAsyncDisposable
{
    private const long LeastMemory = 2L << 30;

    private readonly string _bin;
    private readonly string _root;
    private readonly string _address;
    private readonly int _port;

    private ThrowawayCluster(string bin, string root, string address, int port)
    {
        _bin = bin;
        _root = root;
        _address = address;
        _port = port;
    }

    public string ConnectionString => string.Create(
        CultureInfo.InvariantCulture, $"Host={_address};Port={_port};Username=executor;Database=postgres;Timeout=5;Command Timeout=30");

    private string Data => Path.Combine(_root, "data");

    /// <param name="bin">Folder of PostgreSQL's programs.</param>
    /// <param name="address">Where it listens, of this machine; its neighbours may connect.</param>
    public static async Task<ThrowawayCluster> StartNewAsync(string bin, string address = "127.0.0.1")
    {
        string root = MakeRoot();
        var cluster = new ThrowawayCluster(bin, root, address, FreePort());
        if (Environment.UserName == "root")
        {
            // The server refuses to run as root.
            await RunAsync("chown", "postgres:", root);
        }

        await cluster.RunAsServerAsync("initdb", "-D", cluster.Data, "-A", "trust", "-U", "executor", "-E", "UTF8", "--locale=C", "--no-sync");
        await File.AppendAllTextAsync(Path.Combine(cluster.Data, "pg_hba.conf"), $"host all all {address}/24 trust\n");
        await cluster.StartAsync();
        return cluster;
    }

    public Task StartAsync() => RunAsServerAsync(
        "pg_ctl", "-D", Data, "-w", "-l", Path.Combine(_root, "log"), "-o", $"-c listen_addresses={_address} -c unix_socket_directories='' -p {_port}", "start");

    /// <summary>Ends the server as a crash would: without finishing anything.</summary>
    public Task CrashAsync() => RunAsServerAsync("pg_ctl", "-D", Data, "-w", "-m", "immediate", "stop");

    /// <summary>Ends the server in order; its clients are disconnected.</summary>
    public Task StopAsync() => RunAsServerAsync("pg_ctl", "-D", Data, "-w", "-m", "fast", "stop");

    public async ValueTask DisposeAsync()
    {
        if (File.Exists(Path.Combine(Data, "postmaster.pid")))
        {
            await CrashAsync();
        }

        Directory.Delete(_root, recursive: true);
    }

    // In memory where there is room for some of them: a crash of the server loses nothing there, and no test waits for a disk.
    private static string MakeRoot()
    {
        const string Memory = "/dev/shm";
        if (!Directory.Exists(Memory) || new DriveInfo(Memory).AvailableFreeSpace < LeastMemory)
        {
            return Directory.CreateTempSubdirectory("executor-pg-").FullName;
        }

        return Directory.CreateDirectory(Path.Combine(Memory, $"executor-pg-{Path.GetRandomFileName()}")).FullName;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private Task RunAsServerAsync(string program, params string[] arguments)
    {
        string path = Path.Combine(_bin, program);
        return Environment.UserName == "root"
            ? RunAsync("runuser", ["-u", "postgres", "--", path, .. arguments])
            : RunAsync(path, arguments);
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed: {await output}{await errors}");
        }
    }
}
