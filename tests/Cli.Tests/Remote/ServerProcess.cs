using System.Text.RegularExpressions;

namespace Executor.Cli.Remote;

/// <summary><c>executor serve</c> as a process of its own, that can be killed and started again where it was.</summary>
internal sealed partial class ServerProcess : IDisposable
{
    private readonly string _folder;
    private readonly string[] _options;
    private CliProcess _process;

    private ServerProcess(string folder, string[] options, CliProcess process) => (_folder, _options, _process) = (folder, options, process);

    /// <summary>Where it listens.</summary>
    public string Url { get; private set; } = "";

    public static async Task<ServerProcess> StartAsync(TemporaryFolder folder, params string[] options)
    {
        ServerProcess server = new(folder.Path, options, Start(folder.Path, "0", options));
        await server.ListenAsync();
        return server;
    }

    /// <summary>Ends it with no warning.</summary>
    public Task KillAsync() => _process.KillAsync();

    /// <summary>Starts it again, on the port it had.</summary>
    public async Task StartAgainAsync()
    {
        _process.Dispose();
        _process = Start(_folder, new Uri(Url).Port.ToString(System.Globalization.CultureInfo.InvariantCulture), _options);
        await ListenAsync();
    }

    public void Dispose() => _process.Dispose();

    private static CliProcess Start(string folder, string port, string[] options) =>
        CliProcess.Start(folder, ["serve", "--port", port, "--data", Path.Combine(folder, "data"), "--max-tasks", "2", .. options]);

    private async Task ListenAsync()
    {
        string said = await _process.SeeErrorAsync(", 2 tasks at once)");
        Url = Listening().Match(said).Groups[1].Value;
    }

    [GeneratedRegex("listening on (http://[^ ]+)")]
    private static partial Regex Listening();
}
