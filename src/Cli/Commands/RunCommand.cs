using System.CommandLine;
using Executor.Cli.Options;
using Executor.Cli.Remote;
using Executor.Cli.Running;
using Executor.Hosting;
using Executor.Hosting.Commands;

namespace Executor.Cli.Commands;

/// <summary><c>executor run</c>: one task, its output streamed, its exit code ours.</summary>
internal sealed class RunCommand : Command, IHaveExamples
{
    private readonly TaskOptions _task;
    private readonly Option<string?> _artifactsDir = CommonOptions.Text("--artifacts-dir", "DIR", "Where to put them; made as needed.");
    private readonly Option<string?> _config = CommonOptions.Config();
    private readonly Option<string?> _server = CommonOptions.RemoteServer();
    private readonly Option<string?> _apiKey = CommonOptions.ApiKey();
    private readonly Option<bool> _json = CommonOptions.Json("Print the result as one JSON object instead of the program's output.");

    /// <param name="programArgs">What followed <c>--</c>.</param>
    public RunCommand(string[] programArgs)
        : base("run", "Run a script, a function or a command; print what it prints, exit as it exits.")
    {
        _task = new TaskOptions(programArgs, "our own, live; with --server ours is read to its end first");
        _task.AddTo(this);
        this.AddAll(_artifactsDir, _config, _server, _apiKey, _json);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public string Examples => """
          executor run hello.py
          executor run report.py --file data.csv --artifact 'out/*.png' --artifacts-dir .
          executor run tool.py -- --verbose input.txt
          executor run prices.py --callable total --params '{"items": [3, 4]}'
          executor run --command --memory 64 --timeout 5 -- sh -c 'sort | uniq -c' < words.txt
          echo 'console.log(6 * 7)' | executor run - --language node
          executor run train.py --working-dir . --server http://host:5000      run it there, as if it ran here

        Exit code: the program's own; 124 timeout, 125 our own failure, 128 + n signal n, 2 something asked for is not valid.
        With --server, Ctrl-C cancels the task there.
        """;

    private int Run(ParseResult parsed)
    {
        string? server = parsed.GetValue(_server);
        bool json = parsed.GetValue(_json);
        RunRequest request = _task.Read(parsed);
        request = request with
        {
            MergeOutput = request.MergeOutput || (!json && OutputChannel.StandardStreamsAreOne),
            ArtifactsDir = parsed.GetValue(_artifactsDir),
            Json = json,
            IsRemote = server is not null,
        };
        return server is null
            ? SingleRun.ExecuteAsync(request, parsed.GetValue(_config)).GetAwaiter().GetResult()
            : RunThere(request, server, parsed.GetValue(_apiKey));
    }

    // A method of its own, so that a run here loads nothing of the client.
    private static int RunThere(RunRequest request, string server, string? apiKey) =>
        RemoteRun.ExecuteAsync(request, ServerAddress.Resolve(server, apiKey)).GetAwaiter().GetResult();
}
