using System.CommandLine;
using Executor.Cli.Running;

namespace Executor.Cli.Commands;

/// <summary><c>executor run</c>: one task, its output streamed, its exit code ours.</summary>
internal sealed class RunCommand : Command, IHaveExamples
{
    private readonly string[] _programArgs;
    private readonly Argument<string[]> _file = new("FILE")
    {
        Description = "The script; - reads it from standard input. Words after it are the program's arguments, like those after --.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string?> _language = CommonOptions.Text("--language", "L", "The runtime (python, node, bash, …). Default: told from the file's extension; python for - and --code.");
    private readonly Option<string?> _code = CommonOptions.Text("--code", "TEXT", "Source text to run instead of a file.");
    private readonly Option<string?> _callable = CommonOptions.Text("--callable", "F", "Call this function of the script with --params; its value, as JSON, is the last line printed.");
    private readonly Option<string?> _entrypoint = CommonOptions.Text("--entrypoint", "M:F", "Call a function of a module: package.module:function.");
    private readonly Option<bool> _command = CommonOptions.Flag("--command", "Run the program that follows --, with its arguments.");
    private readonly Option<string?> _params = CommonOptions.Text("--params", "JSON", "Keyword arguments of the function: a JSON object, or @FILE that holds one.");
    private readonly Option<string[]> _args = new("--args")
    {
        Description = "Arguments of the program; those that look like options go after --.",
        HelpName = "ARG…",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string?> _stdin = CommonOptions.Text("--stdin", "FILE", "Standard input of the program. Default: our own, live.");
    private readonly Option<string[]> _env = CommonOptions.Several("--env", "K=V", "An environment variable; K alone hands on ours.");
    private readonly Option<string[]> _packages = CommonOptions.Several("--package", "NAME", "A Python package the program needs (pandas, requests==2.32.0); installed once and kept.");
    private readonly Option<string[]> _files = CommonOptions.Several("--file", "PATH[=DEST]", "A file to lay out in the working directory.");
    private readonly Option<string?> _workingDir = CommonOptions.Text("--working-dir", "DIR", "A folder whose copy becomes the working directory.");
    private readonly Option<string[]> _artifacts = CommonOptions.Several("--artifact", "GLOB", "Files to bring back from the working directory.");
    private readonly Option<string?> _artifactsDir = CommonOptions.Text("--artifacts-dir", "DIR", "Where to put them; made as needed.");
    private readonly Option<string?> _runner = CommonOptions.Runner();
    private readonly Option<string?> _executor = CommonOptions.Executor();
    private readonly Option<string?> _timeout = CommonOptions.Timeout();
    private readonly LimitOptions _limits = new();
    private readonly Option<bool> _noSandbox = CommonOptions.NoSandbox();
    private readonly Option<string?> _config = CommonOptions.Config();
    private readonly Option<bool> _json = CommonOptions.Json("Print the result as one JSON object instead of the program's output.");

    /// <param name="programArgs">What followed <c>--</c>.</param>
    public RunCommand(string[] programArgs)
        : base("run", "Run a script, a function or a command; print what it prints, exit as it exits.")
    {
        _programArgs = programArgs;
        Add(_file);
        this.AddAll(
            _language, _code, _callable, _entrypoint, _command, _params, _args, _stdin, _env, _packages, _files,
            _workingDir, _artifacts, _artifactsDir, _runner, _executor, _timeout);
        _limits.AddTo(this);
        this.AddAll(_noSandbox, _config, _json);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public string Examples => """
          executor run hello.py
          executor run report.py --file data.csv --artifact 'out/*.png' --artifacts-dir .
          executor run plot.py --package pandas --package 'matplotlib>=3.9'
          executor run tool.py -- --verbose input.txt
          executor run prices.py --callable total --params '{"items": [3, 4]}'
          executor run --command --memory 64 --timeout 5 -- sh -c 'sort | uniq -c' < words.txt
          echo 'console.log(6 * 7)' | executor run - --language node

        Exit code: the program's own; 124 timeout, 125 our own failure, 128 + n signal n, 2 something asked for is not valid.
        """;

    private int Run(ParseResult parsed)
    {
        string[] words = parsed.GetValue(_file) ?? [];
        if (words.FirstOrDefault(word => word.Length > 1 && word[0] == '-') is string unknown)
        {
            throw new UsageException($"{ParseFaults.ExplainWord(this, unknown)}; what is meant for the program goes after --");
        }

        RunRequest request = new()
        {
            Words = words,
            ProgramArgs = [.. parsed.GetValue(_args) ?? [], .. _programArgs],
            IsCommand = parsed.GetValue(_command),
            Language = parsed.GetValue(_language),
            Code = parsed.GetValue(_code),
            Callable = parsed.GetValue(_callable),
            Entrypoint = parsed.GetValue(_entrypoint),
            Params = parsed.GetValue(_params),
            StdinFile = parsed.GetValue(_stdin),
            Env = parsed.GetValue(_env) ?? [],
            Packages = parsed.GetValue(_packages) ?? [],
            Files = parsed.GetValue(_files) ?? [],
            WorkingDir = parsed.GetValue(_workingDir),
            Artifacts = parsed.GetValue(_artifacts) ?? [],
            ArtifactsDir = parsed.GetValue(_artifactsDir),
            Runner = parsed.Runner(_runner),
            Executor = parsed.GetValue(_executor),
            Timeout = parsed.Seconds(_timeout),
            Limits = _limits.Read(parsed),
            UseSandbox = !parsed.GetValue(_noSandbox),
            Json = parsed.GetValue(_json),
        };
        return SingleRun.ExecuteAsync(request, parsed.GetValue(_config)).GetAwaiter().GetResult();
    }
}
