using System.Text.Json;
using Executor.Tasks;

namespace Executor.Cli.Running;

/// <summary>Runs one task for somebody who waits for it.</summary>
internal static class SingleRun
{
    /// <summary>Runs it, shows what came of it, and gives our exit code.</summary>
    /// <exception cref="UsageException">The request is not valid.</exception>
    public static async Task<int> ExecuteAsync(RunRequest request, string? configPath)
    {
        await using LocalHost host = LocalHost.Open(configPath);
        TaskSpec task = RunTask.Build(request);
        List<ValidationFault> faults = [.. TaskSpecValidator.Validate(task), .. host.FaultsOf(task)];
        if (faults.Count > 0)
        {
            throw new UsageException(string.Join('\n', faults));
        }

        using Interruption interruption = new();
        LiveOutput live = new(interruption);

        TaskResult result;
        await using (Stream? input = ProgramInput.Open(request))
        {
            result = await host.RunAsync(task, request.Json ? null : live.ReceiveAsync, input, attempt: 1, interruption.Token);
        }

        // In this order: what the program printed is out before we speak, and a reader that went away stays unmentioned.
        if (request.Json)
        {
            OutputChannel.Stdout.Write([.. JsonSerializer.SerializeToUtf8Bytes(result, ExecutorJson.Wire.TaskResult), (byte)'\n']);
        }
        else
        {
            Show(result, task, live);
        }

        if (request.ArtifactsDir is string folder && result.Artifacts is { Count: > 0 } artifacts)
        {
            ArtifactFolder.Write(folder, artifacts);
        }

        return interruption.ExitCode ?? RunOutcome.ExitCodeOf(result);
    }

    private static void Show(TaskResult result, TaskSpec task, LiveOutput live)
    {
        if (result.Success && (task.Callable ?? task.Entrypoint) is not null)
        {
            live.WriteLine(JsonOutput.Line(json => (result.Result ?? JsonElement.Parse("null"u8)).WriteTo(json)));
        }

        if (live.Failure is IOException failure)
        {
            if (failure is not BrokenPipeException)
            {
                Reporter.Say(failure.Message);
            }

            return;
        }

        if (result.Compile is { ExitCode: not 0 } compile)
        {
            Reporter.Write(compile.Stdout + compile.Stderr);
        }

        if (RunOutcome.TracebackOf(result) is string traceback)
        {
            Reporter.Write($"{traceback}\n");
        }
        else if (RunOutcome.ExplanationOf(result) is string explanation)
        {
            Reporter.Say(explanation);
        }

        if (result.OutputTruncated)
        {
            Reporter.Say("there was more output than output_kb allows; the rest is not shown");
        }
    }
}
