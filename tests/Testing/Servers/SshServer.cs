using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Executor.Testing;

/// <summary>
/// A throw-away sshd on a port of loopback, with its own host key, configuration and authorized keys, all in one folder. Whoever runs
/// the tests logs in with a key.
/// </summary>
public sealed class SshServer : IAsyncDisposable
{
    private const string Program = "/usr/sbin/sshd";
    private readonly string _settings;
    private Process? _process;

    private SshServer(string folder, int port, string settings)
    {
        (Folder, Port, _settings) = (folder, port, settings);
    }

    /// <summary>Why there can't be one; null: there can.</summary>
    public static string? WhyNot => File.Exists(Program) ? null : $"there is no {Program}: apt-get install -y openssh-server openssh-client";

    /// <summary>Holds keys and configuration.</summary>
    public string Folder { get; }

    public int Port { get; }

    /// <summary>The user's private key.</summary>
    public string UserKey => Path.Combine(Folder, "user_key");

    /// <summary>What clients know of it; made when somebody writes it.</summary>
    public string KnownHosts => Path.Combine(Folder, "known_hosts");

    /// <summary>Where it says what went wrong.</summary>
    public string Log => File.Exists(LogFile) ? File.ReadAllText(LogFile) : "";

    /// <summary>The process that listens.</summary>
    public int ProcessId => _process!.Id;

    private string LogFile => Path.Combine(Folder, "log");

    private string ConfigurationFile => Path.Combine(Folder, "sshd_config");

    /// <summary>Starts one. Skips the test that asks where there can't be one.</summary>
    /// <param name="settings">Further lines of sshd_config.</param>
    public static async Task<SshServer> StartAsync(string settings = "")
    {
        Requirement.Check(WhyNot);
        var server = new SshServer(Directory.CreateTempSubdirectory("executor-sshd-").FullName, FreePort(), settings);
        await server.CreateKeyAsync("host_key");
        await server.CreateKeyAsync("user_key");
        File.Copy(server.UserKey + ".pub", Path.Combine(server.Folder, "authorized_keys"));
        await server.RestartAsync();
        return server;
    }

    /// <summary>Starts it, again if it was killed, on the same port and with the same keys.</summary>
    public async Task RestartAsync()
    {
        await File.WriteAllTextAsync(ConfigurationFile, $"""
            ListenAddress 127.0.0.1:{Port}
            HostKey {Folder}/host_key
            AuthorizedKeysFile {Folder}/authorized_keys
            PidFile none
            UsePAM no
            StrictModes no
            PermitRootLogin yes
            MaxStartups 100
            {_settings}
            # Keeps bash from reading the start-up files of whoever runs the tests: they may take longer than all the rest.
            SetEnv SHLVL=2
            """);
        if (Environment.IsPrivilegedProcess)
        {
            Directory.CreateDirectory("/run/sshd");
        }

        _process?.Dispose();
        _process = Process.Start(new ProcessStartInfo(Program, ["-D", "-f", ConfigurationFile, "-E", LogFile]) { RedirectStandardInput = true })!;
        // It does not say when it listens.
        await Poll.UntilAsync("sshd listens", async () => _process.HasExited ? throw new InvalidOperationException($"sshd does not start: {Log}") : await AnswersAsync());
    }

    /// <summary>Kills it and the processes it made for connections, as a crash does, at once. What they started is left to itself.</summary>
    public async Task KillAsync()
    {
        // Those may end by themselves meanwhile; the one that listens may not.
        Task connections = Signals.EndAsync(Connections());
        await Signals.KillAsync(_process!);
        await connections;
    }

    /// <summary>Makes a key, in the folder; with a passphrase if one is given.</summary>
    public async Task<string> CreateKeyAsync(string name, string passphrase = "")
    {
        string path = Path.Combine(Folder, name);
        using var process = Process.Start(new ProcessStartInfo("ssh-keygen", ["-q", "-t", "ed25519", "-N", passphrase, "-f", path]))!;
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? path : throw new InvalidOperationException($"ssh-keygen can't make {path}");
    }

    public async ValueTask DisposeAsync()
    {
        await Signals.EndAsync([.. Connections(), .. _process!.HasExited ? Array.Empty<int>() : [ProcessId]]);
        _process.Dispose();
        // A process that it made just then may still write its log.
        await Poll.UntilAsync($"{Folder} is deleted", Delete);

        bool Delete()
        {
            try
            {
                Directory.Delete(Folder, recursive: true);
                return true;
            }
            catch (IOException)
            {
                return !Directory.Exists(Folder);
            }
        }
    }

    private int[] Connections() => [.. HostProcesses.DescendantsOf(ProcessId).Where(pid => HostProcesses.Name(pid) == "sshd")];

    /// <summary>A port that is free just now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
