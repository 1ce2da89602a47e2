using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Executor.Configuration;
using Executor.Text;

namespace Executor.Hosting.Working;

/// <summary>How worker processes are started.</summary>
public sealed record WorkerLaunch
{
    /// <summary>The server they connect to.</summary>
    public required Uri Connect { get; init; }

    /// <summary>What they let themselves in with; told through the environment, which others can't read. Null: nothing.</summary>
    public Secret? ApiKey { get; init; }

    /// <summary>The configuration they read; null: what they find by themselves.</summary>
    public string? ConfigPath { get; init; }

    /// <summary>The program and its first arguments. Default: this very program.</summary>
    public IReadOnlyList<string> Program { get; init; } = OwnProgram;

    private static IReadOnlyList<string> OwnProgram
    {
        get
        {
            string path = Environment.ProcessPath!;
            // Started as "dotnet executor.dll" the process is not ours.
            return Path.GetFileNameWithoutExtension(path) == "dotnet" ? [path, Assembly.GetEntryAssembly()!.Location] : [path];
        }
    }

    /// <summary>For the workers of a server of this process.</summary>
    /// <param name="address">Where it listens.</param>
    /// <param name="server">What it asks of those who connect.</param>
    /// <param name="configPath">Its own <c>--config</c>.</param>
    public static WorkerLaunch Beside(Uri address, ServerOptions server, string? configPath) => new()
    {
        Connect = ConnectAddress.Of(address),
        ApiKey = server.ApiKeys is [Secret key, ..] ? key : null,
        ConfigPath = configPath,
    };

    /// <summary>The start of a worker.</summary>
    public ProcessStartInfo StartOf(WorkerOptions worker)
    {
        ProcessStartInfo start = new(Program[0], Program.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in Arguments(worker))
        {
            start.ArgumentList.Add(argument);
        }

        foreach ((string name, string value) in worker.Env)
        {
            start.Environment[name] = value;
        }

        if (ApiKey is not null)
        {
            start.Environment[WorkerRequest.ApiKeyVariable] = ApiKey.Reveal();
        }

        return start;
    }

    private IEnumerable<string> Arguments(WorkerOptions worker) =>
    [
        "worker", "--supervised",
        "--connect", Connect.ToString(),
        "--id", worker.Name,
        "--max-tasks", worker.MaxTasks.ToString(CultureInfo.InvariantCulture),
        .. worker.Capabilities.SelectMany(capability => new[] { "--capability", capability }),
        .. worker.Python is string python ? new[] { "--python", python } : [],
        .. ConfigPath is string config ? new[] { "--config", config } : [],
    ];
}
