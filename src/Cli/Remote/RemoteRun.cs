using Executor.Cli.Running;
using Executor.Execution;
using Executor.Hosting;
using Executor.Http;
using Executor.Tasks;

namespace Executor.Cli.Remote;

/// <summary>Runs one task at a server for somebody who waits for it.</summary>
internal static class RemoteRun
{
    private static readonly TimeSpan StopTimeLimit = TimeSpan.FromSeconds(10);

    /// <summary>Runs it, shows what came of it, and gives our exit code.</summary>
    /// <exception cref="UsageException">The request is not valid.</exception>
    public static async Task<int> ExecuteAsync(RunRequest request, ServerAddress server)
    {
        TaskSpec task = RunTask.Build(request) with { TaskId = $"run-{Guid.CreateVersion7():n}" };
        task = task with { Stdin = RemoteInput.Read(request) };
        if (TaskSpecValidator.Validate(task) is { Count: > 0 } faults)
        {
            throw new UsageException(string.Join('\n', faults));
        }

        using Interruption interruption = new();
        return await ServerUse.RunAsync(
            server, HttpTimeLimits.Lasting, new TroubleReport().Changed, service => RunAsync(request, task, service.Tasks, server, interruption));
    }

    private static async Task<int> RunAsync(RunRequest request, TaskSpec task, ITaskService tasks, ServerAddress server, Interruption interruption)
    {
        LiveOutput live = new(interruption);
        OutputFollower output = new(tasks, task.TaskId!, live);
        TaskResult? result;
        try
        {
            await tasks.SubmitAsync([task], interruption.Token);
            result = request.Json
                ? await tasks.WaitAsync(task.TaskId!, Timeout.InfiniteTimeSpan, interruption.Token) ?? throw ServerFault.NotFound("task", task.TaskId!)
                : await output.FollowAsync(interruption.Token);
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            result = await StopAsync(tasks, task.TaskId!, server, request.Json ? null : output);
        }

        if (result is null)
        {
            return interruption.ExitCode ?? ExitCodes.OwnFailure;
        }

        if (request.Json)
        {
            RunReport.WriteJson(result);
        }
        else
        {
            RunReport.Show(result, (task.Callable ?? task.Entrypoint) is not null, live);
        }

        if (request.ArtifactsDir is string folder && result.Artifacts is { Count: > 0 } artifacts)
        {
            ArtifactFolder.Write(folder, artifacts);
        }

        return interruption.ExitCode ?? RunOutcome.ExitCodeOf(result);
    }

    /// <summary>Cancels the task and passes on what it still prints; null: it never got there, or the server does not say how it ended.</summary>
    private static async Task<TaskResult?> StopAsync(ITaskService tasks, string taskId, ServerAddress server, OutputFollower? output)
    {
        using CancellationTokenSource late = new(StopTimeLimit);
        try
        {
            return await tasks.CancelAsync(taskId, late.Token) == CancelOutcome.NotFound ? null
                : output is null ? await tasks.WaitAsync(taskId, StopTimeLimit, late.Token)
                : await output.FollowAsync(late.Token);
        }
        catch (Exception failed) when (failed is OperationCanceledException || ServerFault.Explain(failed, server) is not null)
        {
            string reason = ServerFault.Explain(failed, server)?.Message ?? "the server does not answer";
            Reporter.Say($"task {taskId} may still run: {reason}; stop it with: executor cancel {taskId}");
            return null;
        }
    }
}
