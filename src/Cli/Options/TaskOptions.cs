using System.CommandLine;
using Executor.Cli.Running;
using Executor.Hosting;
using Executor.Hosting.Commands;

namespace Executor.Cli.Options;

/// <summary>The arguments and options that make a task: those of <c>run</c> and <c>submit</c>.</summary>
/// <param name="programArgs">What followed <c>--</c>.</param>
/// <param name="defaultInput">What the program reads without <c>--stdin</c>, for the help.</param>
internal sealed class TaskOptions(string[] programArgs, string defaultInput)
{
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

    private readonly Option<string?> _stdin = CommonOptions.Text("--stdin", "FILE", $"Standard input of the program. Default: {defaultInput}.");
    private readonly Option<string[]> _env = CommonOptions.Several("--env", "K=V", "An environment variable; K alone hands on ours.");
    private readonly Option<string[]> _packages = CommonOptions.Several("--package", "NAME", "A Python package the program needs (pandas, requests==2.32.0); installed once and kept.");
    private readonly Option<string[]> _files = CommonOptions.Several("--file", "PATH[=DEST]", "A file to lay out in the working directory.");
    private readonly Option<string?> _workingDir = CommonOptions.Text("--working-dir", "DIR", "A folder whose copy becomes the working directory.");
    private readonly Option<string[]> _artifacts = CommonOptions.Several("--artifact", "GLOB", "Files to bring back from the working directory.");
    private readonly Option<bool> _mergeOutput = CommonOptions.Flag("--merge-output", "The program's standard error is its standard output, as with 2>&1.");
    private readonly Option<string?> _runner = CommonOptions.Runner();
    private readonly Option<string?> _executor = CommonOptions.Executor();
    private readonly Option<string?> _timeout = CommonOptions.Timeout();
    private readonly LimitOptions _limits = new();
    private readonly Option<bool> _noSandbox = CommonOptions.NoSandbox();

    public void AddTo(Command command)
    {
        command.Add(_file);
        command.AddAll(
            _language, _code, _callable, _entrypoint, _command, _params, _args, _stdin, _env, _packages, _files, _workingDir, _artifacts, _mergeOutput, _runner, _executor, _timeout);
        _limits.AddTo(command);
        command.Add(_noSandbox);
    }

    /// <summary>What they ask for.</summary>
    /// <exception cref="UsageException">A word is not what it must be.</exception>
    public RunRequest Read(ParseResult parsed)
    {
        string[] words = parsed.GetValue(_file) ?? [];
        if (words.FirstOrDefault(word => word.Length > 1 && word[0] == '-') is string unknown)
        {
            throw new UsageException($"{ParseFaults.ExplainWord(parsed.CommandResult.Command, unknown)}; what is meant for the program goes after --");
        }

        return new RunRequest
        {
            Words = words,
            ProgramArgs = [.. parsed.GetValue(_args) ?? [], .. programArgs],
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
            MergeOutput = parsed.GetValue(_mergeOutput),
            Runner = parsed.Runner(_runner),
            Executor = parsed.GetValue(_executor),
            Timeout = parsed.Seconds(_timeout),
            Limits = _limits.Read(parsed),
            UseSandbox = !parsed.GetValue(_noSandbox),
        };
    }
}
