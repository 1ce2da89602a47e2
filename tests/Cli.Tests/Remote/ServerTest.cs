using System.Text.Json;
using Executor.Cli.Batch;

namespace Executor.Cli.Remote;

/// <summary>A test of the command line against a server that runs real tasks.</summary>
public abstract class ServerTest : CliTest, IAsyncLifetime
{
    private ServerProcess? _server;

    private protected ServerProcess Server => _server!;

    private protected string Url => Server.Url;

    public async ValueTask InitializeAsync() => _server = await ServerProcess.StartAsync(Folder, "--config", Folder.Write("server.yaml", Configuration));

    public ValueTask DisposeAsync()
    {
        _server?.Dispose();
        Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The server's configuration.</summary>
    protected virtual string Configuration => "{}";

    private protected Dictionary<string, string> Environment => new() { ["EXECUTOR_SERVER"] = Url };

    /// <summary>Runs a command with the server named by the environment.</summary>
    private protected Task<CliOutput> AskAsync(params string[] args) => CliProcess.RunAsync(Folder.Path, args, environment: Environment);

    private protected CliProcess Start(params string[] args) => CliProcess.Start(Folder.Path, args, Environment);

    private protected async Task<string> SubmitAsync(params string[] args)
    {
        CliOutput output = await AskAsync(["submit", .. args]);
        Assert.Equal((0, ""), (output.ExitCode, output.Stderr));
        return Assert.Single(output.StdoutLines);
    }

    private protected async Task<string> StatusAsync(string taskId) => BatchFile.Results((await AskAsync("status", taskId, "--json")).Stdout)[0].Status();

    /// <summary>A program that says <c>first</c>, waits until the file is there, and says <c>last</c>.</summary>
    private protected string WaitingFor(string file) => $"""
        import os, sys, time
        print('first', flush=True)
        while not os.path.exists({JsonSerializer.Serialize(Folder.At(file))}): time.sleep(0.02)
        print('last é', end='')
        sys.stderr.write('done')
        """;
}
