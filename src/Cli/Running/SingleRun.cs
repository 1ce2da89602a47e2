using Executor.Hosting;
using Executor.Tasks;

namespace Executor.Cli.Running;

/// <summary>
/// Runs one task for somebody who waits for it, straight on its runner: its input and output are live, so there is nothing to queue and an attempt
/// can't be repeated.
/// </summary>
internal static class SingleRun
{
    /// <summary>Runs it, shows what came of it, and gives our exit code.</summary>
    /// <exception cref="UsageException">The request is not valid.</exception>
    public static async Task<int> ExecuteAsync(RunRequest request, string? configPath)
    {
        await using LocalHost host = LocalHost.Open(configPath);
        LocalTasks tasks = new(host);
        TaskSpec task = RunTask.Build(request);
        List<ValidationFault> faults = [.. TaskSpecValidator.Validate(task), .. tasks.FaultsOf(task)];
        if (faults.Count > 0)
        {
            throw new UsageException(string.Join('\n', faults));
        }

        using Interruption interruption = new();
        LiveOutput live = new(interruption);

        TaskResult result;
        await using (Stream? input = ProgramInput.Open(request))
        {
            result = await tasks.RunAsync(task, request.Json ? null : live.ReceiveAsync, input, attempt: 1, interruption.Token);
        }

        // In this order: what the program printed is out before we speak, and a reader that went away stays unmentioned.
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
}
