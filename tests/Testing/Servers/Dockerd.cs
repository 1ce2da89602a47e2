using System.Diagnostics;
using System.Globalization;

namespace Executor.Testing;

/// <summary>A Docker engine of our own, with everything of it in a temporary folder.</summary>
public sealed class Dockerd : IAsyncDisposable
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
        await Poll.UntilAsync("dockerd answers", AnswersAsync, StartTimeout);

        async Task<bool> AnswersAsync()
        {
            try
            {
                await http.GetStringAsync("http://engine/_ping");
                return true;
            }
            catch (HttpRequestException) when (!_process.HasExited)
            {
                return false;
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
        await Signals.KillAsync(_process!);
        _process!.Dispose();
        _process = null;
        // Its containerd is killed with it. Where nobody reaps that, a new engine would take it for alive and wait for it in vain.
        string file = $"{_root}/exec/containerd/containerd.pid";
        int containerd = int.Parse(await File.ReadAllTextAsync(file), CultureInfo.InvariantCulture);
        await Poll.UntilAsync("containerd has ended with dockerd", () => HostProcesses.HasEnded(containerd));
        File.Delete(file);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            Signals.Ask(_process.Id, "TERM");
            await _process.WaitForExitAsync();
        }

        _process?.Dispose();

        // A killed engine leaves its containerd, and a container's shim.
        await Signals.EndAsync([.. HostProcesses.All().Where(pid =>
            HostProcesses.CommandLine(pid) is string command && command.Contains(_root, StringComparison.Ordinal) && command.Contains("containerd", StringComparison.Ordinal))]);
        foreach (string mount in File.ReadLines("/proc/self/mounts").Select(line => line.Split(' ')[1]).Where(path => path.StartsWith(_root, StringComparison.Ordinal)).Reverse().ToList())
        {
            using Process unmounting = Process.Start("umount", ["-l", mount]);
            await unmounting.WaitForExitAsync();
        }

        Directory.Delete(_root, recursive: true);
    }

    private static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin:/usr/local/sbin").Split(':')
        .Select(folder => Path.Combine(folder, program))
        .FirstOrDefault(File.Exists);
}
