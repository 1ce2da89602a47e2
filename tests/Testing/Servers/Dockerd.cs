using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Executor.Testing;

/// <summary>A Docker engine of our own, with everything of it in a temporary folder.</summary>
public sealed partial class Dockerd : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private readonly string _root;
    private Process? _process;

    private Dockerd(string root) => _root = root;

    /// <summary>Why there can't be one here; null when there can.</summary>
    public static string? WhyNot { get; } =
        !OperatingSystem.IsLinux() ? "a Docker engine of our own needs Linux"
        : !Environment.IsPrivilegedProcess ? "a Docker engine of our own needs root"
        : Find("dockerd") is null || Find("containerd") is null ? "dockerd is not installed (install the package docker.io)"
        : null;

    public Uri Endpoint => new($"unix://{_root}/docker.sock");

    public static async Task<Dockerd> StartNewAsync()
    {
        var engine = new Dockerd(Directory.CreateTempSubdirectory("executor-dockerd-").FullName);
        await engine.StartAsync();
        return engine;
    }

    /// <summary>Starts it (again) and waits until it answers.</summary>
    public async Task StartAsync()
    {
        var start = new ProcessStartInfo(Find("dockerd") ?? throw new InvalidOperationException(WhyNot))
        {
            ArgumentList =
            {
                "--bridge=none", "--iptables=false", "-H", Endpoint.OriginalString, "--data-root", $"{_root}/data", "--exec-root", $"{_root}/exec",
                "--pidfile", $"{_root}/pid",
            },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
        var log = new List<string>();
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (log)
            {
                log.Add(line.Data ?? "");
            }
        };
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        using var http = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, token) =>
            {
                var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
                await socket.ConnectAsync(new System.Net.Sockets.UnixDomainSocketEndPoint(Endpoint.LocalPath), token);
                return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
            },
        });
        var waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await http.GetStringAsync("http://engine/_ping");
                return;
            }
            catch (HttpRequestException) when (waited.Elapsed < StartTimeout && !_process.HasExited)
            {
                await Task.Delay(20);
            }
            catch (HttpRequestException)
            {
                lock (log)
                {
                    throw new InvalidOperationException($"dockerd did not start: {string.Join('\n', log.TakeLast(10))}");
                }
            }
        }
    }

    /// <summary>Ends it as <c>kill -9</c> does: it can finish nothing, and what it started goes on.</summary>
    public async Task CrashAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
        // Its containerd is killed with it. Where nobody reaps that, a new engine would take it for alive and wait for it in vain.
        string containerd = $"{_root}/exec/containerd/containerd.pid";
        string stat = $"/proc/{await File.ReadAllTextAsync(containerd)}/stat";
        while (File.Exists(stat) && !(await File.ReadAllTextAsync(stat)).Contains(") Z", StringComparison.Ordinal))
        {
            await Task.Delay(10);
        }

        File.Delete(containerd);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _ = Kill(_process.Id, 15);
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        await EndLeftoversAsync();
        foreach (string mount in File.ReadLines("/proc/self/mounts").Select(line => line.Split(' ')[1]).Where(path => path.StartsWith(_root, StringComparison.Ordinal)).Reverse().ToList())
        {
            using Process unmounting = Process.Start("umount", ["-l", mount]);
            await unmounting.WaitForExitAsync();
        }

        Directory.Delete(_root, recursive: true);
    }

    /// <summary>A killed engine leaves its containerd, and a container's shim.</summary>
    private async Task EndLeftoversAsync()
    {
        foreach (string folder in Directory.EnumerateDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out _)))
        {
            try
            {
                string command = await File.ReadAllTextAsync(Path.Combine(folder, "cmdline"));
                if (command.Contains(_root, StringComparison.Ordinal) && command.Contains("containerd", StringComparison.Ordinal))
                {
                    _ = Kill(int.Parse(Path.GetFileName(folder), System.Globalization.CultureInfo.InvariantCulture), 9);
                }
            }
            catch (IOException)
            {
                // It has just ended.
            }
        }
    }

    private static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin:/usr/local/sbin").Split(':')
        .Select(folder => Path.Combine(folder, program))
        .FirstOrDefault(File.Exists);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);
}
