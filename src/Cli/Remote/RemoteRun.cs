using Executor.Cli.Running;
using Executor.Hosting;
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
        using ExecutorClient client = new(server, RequestTimeouts.Lasting, TimeProvider.System) { TroubleChanged = new TroubleReport().Changed };
        LiveOutput live = new(interruption);
        OutputFollower output = new(client, task.TaskId!, live);
        TaskResult? result;
        try
        {
            await client.SubmitAsync(task, interruption.Token);
            result = request.Json
                ? await client.GetResultAsync(task.TaskId!, TimeSpan.MaxValue, interruption.Token)
                : await output.FollowAsync(interruption.Token);
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            result = await StopAsync(client, task.TaskId!, request.Json ? null : output);
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

    /// <summary>Cancels the task and passes on what it still prints; null: the server does not say how it ended.</summary>
    private static async Task<TaskResult?> StopAsync(ExecutorClient client, string taskId, OutputFollower? output)
    {
        using CancellationTokenSource late = new(StopTimeLimit);
        try
        {
            await client.CancelTaskAsync(taskId, late.Token);
            return output is null ? await client.GetResultAsync(taskId, StopTimeLimit, late.Token) : await output.FollowAsync(late.Token);
        }
        catch (ServerRefusedException refused) when (refused.IsNotFound)
        {
            // It never got there.
            return null;
        }
        catch (Exception failed) when (failed is OperationCanceledException or ServerUnavailableException or ServerRefusedException)
        {
            Reporter.Say($"task {taskId} may still run: {(failed is OperationCanceledException ? "the server does not answer" : failed.Message)}; stop it with: executor cancel {taskId}");
            return null;
        }
    }
}
