using System.CommandLine;
using Executor.Cli.Options;
using Executor.Cli.Remote;
using Executor.Cli.Running;
using Executor.Hosting;
using Executor.Hosting.Commands;
using Executor.Http;
using Executor.Tasks;

namespace Executor.Cli.Commands;

/// <summary><c>executor submit</c>: gives a server a task and does not stay for it.</summary>
internal sealed class SubmitCommand : Command, IHaveExamples
{
    private readonly TaskOptions _task;
    private readonly Option<string?> _taskFile = CommonOptions.Text("--task", "FILE", "Submit the task or tasks of this file (JSON, JSON lines or YAML; - standard input) instead of one made of options.");
    private readonly Option<string?> _id = CommonOptions.Text("--task-id", "ID", "Its id: submitting the same task under the same id again does nothing. Default: a new one.");
    private readonly Option<string?> _name = CommonOptions.Text("--name", "NAME", "A name for people. Default: the script's.");
    private readonly Option<string?> _priority = CommonOptions.Text("--priority", "N", "Higher runs first. Default 0.");
    private readonly Option<string[]> _dependsOn = CommonOptions.Several("--depends-on", "ID", "A task that must complete first.");
    private readonly Option<string[]> _capabilities = CommonOptions.Several("--capability", "C", "Something that its executor must have.");
    private readonly Option<string?> _wait = CommonOptions.Text("--wait", "S", "Wait up to so many seconds for its end, and show it as result does. One task only. Default 0.");
    private readonly RemoteOptions _remote = new();
    private readonly Option<bool> _json = CommonOptions.Json("Print a JSON object a line: task_id and status, or with --wait the result.");

    /// <param name="programArgs">What followed <c>--</c>.</param>
    public SubmitCommand(string[] programArgs)
        : base("submit", "Submit a task to a server and print its id.")
    {
        _task = new TaskOptions(programArgs, "none");
        _task.AddTo(this);
        this.AddAll(_taskFile, _id, _name, _priority, _dependsOn, _capabilities, _wait);
        _remote.AddTo(this);
        Add(_json);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public string Examples => """
          executor submit report.py --file data.csv --artifact 'out/*.png'
          executor submit --code 'print(6 * 7)' --priority 10 --wait 30
          executor submit --task workflow.yaml
          executor logs -f $(executor submit train.py)

        Exit code: 0 the server has it, for good; 2 it is not valid; 125 the server can't be asked.
        """;

    private int Run(ParseResult parsed)
    {
        TimeSpan wait = CommonOptions.ReadWait(parsed, _wait);
        IReadOnlyList<TaskSpec> tasks = parsed.GetValue(_taskFile) is string file ? ReadFile(parsed, file) : [Build(parsed)];
        if (wait > TimeSpan.Zero && tasks.Count > 1)
        {
            throw new UsageException($"--wait is for one task; {parsed.GetValue(_taskFile)} has {tasks.Count}. 'executor batch --server' waits for many");
        }

        HttpTimeLimits timeLimits = wait > TimeSpan.Zero ? HttpTimeLimits.Lasting : HttpTimeLimits.Brief;
        return _remote.Run(parsed, timeLimits, async (service, interruption) =>
        {
            if (wait == TimeSpan.Zero)
            {
                return await TaskSubmission.SubmitAsync(service.Tasks, tasks, parsed.GetValue(_json), interruption.Token);
            }

            await TaskSubmission.SubmitOneAsync(service.Tasks, tasks[0], interruption.Token);
            return await ResultCommand.ShowAsync(service.Tasks, tasks[0].TaskId!, wait, parsed.GetValue(_json), artifactsDir: null, interruption);
        });
    }

    private TaskSpec Build(ParseResult parsed)
    {
        RunRequest request = _task.Read(parsed) with { IsRemote = true, Json = true };
        TaskSpec task = RunTask.Build(request);
        task = task with
        {
            TaskId = parsed.GetValue(_id) ?? TaskSubmission.NewId(),
            Name = parsed.GetValue(_name) ?? task.Name,
            Priority = parsed.Whole(_priority) ?? 0,
            DependsOn = parsed.GetValue(_dependsOn) is { Length: > 0 } parents ? parents : null,
            Capabilities = parsed.GetValue(_capabilities) is { Length: > 0 } capabilities ? capabilities : null,
            Stdin = request.StdinFile is null ? null : RemoteInput.Read(request),
        };
        return TaskSpecValidator.Validate(task) is { Count: > 0 } faults ? throw new UsageException(string.Join('\n', faults)) : task;
    }

    private IReadOnlyList<TaskSpec> ReadFile(ParseResult parsed, string file)
    {
        string[] allowed = [_taskFile.Name, _wait.Name, _json.Name, "--server", "--api-key"];
        string[] others =
        [
            .. parsed.CommandResult.Children.OfType<System.CommandLine.Parsing.OptionResult>()
                .Where(option => !option.Implicit && !allowed.Contains(option.Option.Name)).Select(option => option.Option.Name),
            .. parsed.CommandResult.Children.OfType<System.CommandLine.Parsing.ArgumentResult>().Any(argument => argument.Tokens.Count > 0) ? ["FILE"] : Array.Empty<string>(),
        ];
        return others.Length == 0
            ? TaskSubmission.ReadFileAsync(file).GetAwaiter().GetResult()
            : throw new UsageException($"--task can't be combined with {string.Join(", ", others)}: the file says all about its tasks");
    }
}
