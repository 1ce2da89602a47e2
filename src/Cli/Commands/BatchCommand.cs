using System.CommandLine;
using Executor.Cli.Batch;
using Executor.Cli.Remote;
using Executor.Hosting;
using Executor.Hosting.Commands;

namespace Executor.Cli.Commands;

/// <summary><c>executor batch</c>: the tasks of a file.</summary>
internal sealed class BatchCommand : Command, IHaveExamples
{
    private readonly Argument<string> _file = new("FILE")
    {
        Description = "The tasks: JSON lines (.jsonl, a task a line), JSON or YAML; - reads standard input.",
    };

    private readonly Option<string?> _parallel = CommonOptions.Text("--parallel", "N", "Tasks at once; not with --server, which decides that itself. Default: the machine's cores.");
    private readonly Option<string?> _out = CommonOptions.Text("--out", "FILE", "Where the results go, a JSON object a line, as they come. Default: standard output.");
    private readonly Option<bool> _resume = CommonOptions.Flag("--resume", "Leave out tasks whose result --out has already, and add to it.");
    private readonly Option<string?> _executor = CommonOptions.Executor();
    private readonly Option<string?> _runner = CommonOptions.Runner();
    private readonly Option<string?> _timeout = CommonOptions.Timeout();
    private readonly Option<bool> _noSandbox = CommonOptions.NoSandbox();
    private readonly Option<string?> _config = CommonOptions.Config();
    private readonly Option<string?> _server = CommonOptions.RemoteServer();
    private readonly Option<string?> _apiKey = CommonOptions.ApiKey();
    private readonly Option<string?> _batchId = CommonOptions.Text("--batch-id", "NAME", "With --server: what the ids there of tasks that bring none begin with. Default: told from the task, so that the same file finds its tasks again.");
    private readonly Option<bool> _json = CommonOptions.Json("Show no progress; print the summary as one JSON object (on standard error if the results are on standard output).");

    public BatchCommand()
        : base("batch", "Run the tasks of a file, the highest priority first; write a result a line.")
    {
        Add(_file);
        this.AddAll(_parallel, _out, _resume, _executor, _runner, _timeout, _noSandbox, _config, _server, _apiKey, _batchId, _json);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public string Examples => """
          executor batch tasks.jsonl --out results.jsonl
          executor batch tasks.jsonl --out results.jsonl --resume      go on after an interruption
          executor batch tasks.yaml --parallel 8 | jq -r .stdout
          executor batch tasks.jsonl --out results.jsonl --server http://host:5000

        A task of a JSON lines file: {"task_id": "a", "language": "python", "code": "print(1)", "priority": 5}
        Exit code: 0 all completed, 1 some failed, 2 the file can't be used, 130 interrupted.
        With --server, Ctrl-C cancels what has not ended; the same command with --resume goes on, also after the server or this
        process was killed. A task that the server has done before under the same id is not done again.
        """;

    private int Run(ParseResult parsed)
    {
        string? server = parsed.GetValue(_server);
        if (server is not null && parsed.GetValue(_parallel) is not null)
        {
            throw new UsageException("--parallel can't be combined with --server: its executors' max_tasks say how many tasks run at once");
        }

        if (server is null && parsed.GetValue(_batchId) is not null)
        {
            throw new UsageException("--batch-id is for --server");
        }

        BatchRequest request = new()
        {
            File = parsed.GetRequiredValue(_file),
            Parallel = parsed.Whole(_parallel) ?? Environment.ProcessorCount,
            Out = parsed.GetValue(_out),
            Resume = parsed.GetValue(_resume),
            Executor = parsed.GetValue(_executor),
            Runner = parsed.Runner(_runner),
            Timeout = parsed.Seconds(_timeout),
            NoSandbox = parsed.GetValue(_noSandbox),
            Json = parsed.GetValue(_json),
        };
        return server is null
            ? BatchProgram.ExecuteAsync(request, parsed.GetValue(_config)).GetAwaiter().GetResult()
            : RunThere(request, parsed.GetValue(_batchId), server, parsed.GetValue(_apiKey));
    }

    // A method of its own, so that a batch here loads nothing of the client.
    private static int RunThere(BatchRequest request, string? batchId, string server, string? apiKey) =>
        RemoteBatch.ExecuteAsync(request, batchId, ServerAddress.Resolve(server, apiKey)).GetAwaiter().GetResult();
}
