using System.CommandLine;
using Executor.Cli.Options;
using Executor.Cli.Remote;
using Executor.Cli.Running;
using Executor.Execution;
using Executor.Hosting;
using Executor.Hosting.Commands;
using Executor.Http;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Cli.Commands;

/// <summary><c>executor result</c>: what came of a task at a server.</summary>
internal sealed class ResultCommand : Command, IHaveExamples
{
    private readonly Argument<string> _id = new("ID") { Description = "The task." };
    private readonly Option<string?> _wait = CommonOptions.Wait();
    private readonly Option<string?> _artifactsDir = CommonOptions.Text("--artifacts-dir", "DIR", "Where to put the files it brought back; made as needed.");
    private readonly RemoteOptions _remote = new();
    private readonly Option<bool> _json = CommonOptions.Json("Print the result as one JSON object instead of the program's output.");

    public ResultCommand()
        : base("result", "Show what came of a task at a server: its output and its exit code, as run does.")
    {
        Add(_id);
        this.AddAll(_wait, _artifactsDir);
        _remote.AddTo(this);
        Add(_json);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public string Examples => """
          executor result nightly-report --wait 60
          executor result nightly-report --json | jq .result

        Exit code: the program's own, as run gives it; 75 the task has not ended.
        """;

    private int Run(ParseResult parsed)
    {
        TimeSpan wait = CommonOptions.ReadWait(parsed, _wait);
        HttpTimeLimits timeLimits = wait > TimeSpan.Zero ? HttpTimeLimits.Lasting : HttpTimeLimits.Brief;
        return _remote.Run(parsed, timeLimits, (service, interruption) => ShowAsync(
            service.Tasks, parsed.GetRequiredValue(_id), wait, parsed.GetValue(_json), parsed.GetValue(_artifactsDir), interruption));
    }

    /// <summary>Waits for a result, shows it and gives the exit code that tells it.</summary>
    public static async Task<int> ShowAsync(
        ITaskService tasks, string taskId, TimeSpan wait, bool json, string? artifactsDir, Interruption interruption)
    {
        TaskResult? result = await tasks.WaitAsync(taskId, wait, interruption.Token);
        if (result is null)
        {
            StoredTask task = await tasks.GetAsync(taskId, interruption.Token) ?? throw ServerFault.NotFound("task", taskId);
            Reporter.Say($"task {taskId} has not ended: it is {Shown.Status(task.Record.State.Status)}; --wait S waits for it");
            return ExitCodes.NotEnded;
        }

        if (json)
        {
            RunReport.WriteJson(result);
        }
        else
        {
            LiveOutput live = new(interruption);
            live.Write(result);
            RunReport.Show(result, printsValue: result.Result is not null, live);
        }

        if (artifactsDir is not null && result.Artifacts is { Count: > 0 } artifacts)
        {
            ArtifactFolder.Write(artifactsDir, artifacts);
        }

        return interruption.ExitCode ?? RunOutcome.ExitCodeOf(result);
    }
}
