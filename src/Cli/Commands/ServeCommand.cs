using System.CommandLine;
using Executor.Cli.Serving;
using Executor.Hosting.Commands;

namespace Executor.Cli.Commands;

/// <summary><c>executor serve</c>: the engine, its storage and the HTTP API in one process.</summary>
internal sealed class ServeCommand : Command, IHaveExamples
{
    private readonly Option<string?> _host = CommonOptions.Text("--host", "ADDRESS", "Address to listen on. Default: server.host, else 127.0.0.1.");
    private readonly Option<string?> _port = CommonOptions.Text("--port", "N", "Port; 0 takes any free one. Default: server.port, else 5000.");
    private readonly Option<string?> _data = CommonOptions.Text("--data", "DIR", "Where tasks and results are kept. Default: executor in the user's data folder (~/.local/share).");
    private readonly Option<string?> _maxTasks = CommonOptions.Text("--max-tasks", "N", "Tasks at once in this process; 0 leaves all to other executors. Default: the machine's cores.");
    private readonly Option<string?> _grace = CommonOptions.Text("--grace", "S", "How long running tasks may take to finish when the server is asked to end, in seconds. Default 10.");
    private readonly Option<string?> _config = CommonOptions.Config();

    public ServeCommand()
        : base("serve", "Serve the HTTP API: take tasks, keep them, run them here and on executors that connect.")
    {
        this.AddAll(_host, _port, _data, _maxTasks, _grace, _config);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public string Examples => """
          executor serve
          executor serve --port 8080 --data /var/lib/executor --config config.yaml
          curl -s localhost:5000/tasks?wait=10 -H 'Content-Type: application/json' -d '{"language": "python", "code": "print(1)"}'

        The first SIGTERM or Ctrl-C lets running tasks finish for up to ten seconds (--grace), a second one does not. What did not
        finish runs again after the next start.
        """;

    private int Run(ParseResult parsed)
    {
        ServeRequest request = new()
        {
            Host = parsed.GetValue(_host),
            Port = parsed.Whole(_port, 0, 65_535),
            DataFolder = parsed.GetValue(_data) ?? ServeRequest.DefaultDataFolder,
            MaxTasks = parsed.Whole(_maxTasks, 0, 1_000) ?? Environment.ProcessorCount,
            Grace = parsed.Grace(_grace) ?? TimeSpan.FromSeconds(10),
            ConfigPath = parsed.GetValue(_config),
        };
        return ServerProgram.RunAsync(request).GetAwaiter().GetResult();
    }
}
