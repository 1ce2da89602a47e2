using System.CommandLine;
using Executor.Cli.Batch;

namespace Executor.Cli.Commands;

/// <summary><c>executor batch</c>: the tasks of a file.</summary>
internal sealed class BatchCommand : Command, IHaveExamples
{
    private readonly Argument<string> _file = new("FILE")
    {
        Description = "The tasks: JSON lines (.jsonl, a task a line), JSON or YAML; - reads standard input.",
    };

    private readonly Option<string?> _parallel = CommonOptions.Text("--parallel", "N", "Tasks at once. Default: the machine's cores.");
    private readonly Option<string?> _out = CommonOptions.Text("--out", "FILE", "Where the results go, a JSON object a line, as they come. Default: standard output.");
    private readonly Option<bool> _resume = CommonOptions.Flag("--resume", "Leave out tasks whose result --out has already, and add to it.");
    private readonly Option<string?> _executor = CommonOptions.Executor();
    private readonly Option<string?> _runner = CommonOptions.Runner();
    private readonly Option<string?> _timeout = CommonOptions.Timeout();
    private readonly Option<bool> _noSandbox = CommonOptions.NoSandbox();
    private readonly Option<string?> _config = CommonOptions.Config();
    private readonly Option<bool> _json = CommonOptions.Json("Show no progress; print the summary as one JSON object (on standard error if the results are on standard output).");

    public BatchCommand()
        : base("batch", "Run the tasks of a file, the highest priority first; write a result a line.")
    {
        Add(_file);
        this.AddAll(_parallel, _out, _resume, _executor, _runner, _timeout, _noSandbox, _config, _json);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public string Examples => """
          executor batch tasks.jsonl --out results.jsonl
          executor batch tasks.jsonl --out results.jsonl --resume      go on after an interruption
          executor batch tasks.yaml --parallel 8 | jq -r .stdout

        A task of a JSON lines file: {"task_id": "a", "language": "python", "code": "print(1)", "priority": 5}
        Exit code: 0 all completed, 1 some failed, 2 the file can't be used, 130 interrupted.
        """;

    private int Run(ParseResult parsed)
    {
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
        return BatchSession.ExecuteAsync(request, parsed.GetValue(_config)).GetAwaiter().GetResult();
    }
}
