using System.Globalization;
using System.Text.Json;
using Executor.Clocks;
using Executor.Engine.Jobs;
using Executor.Hosting;
using Executor.Storage;
using Executor.Tasks;
using Microsoft.Extensions.Logging.Abstractions;

namespace Executor.Cli.Modules;

/// <summary>A job that a command does itself, without a server: its log goes to standard error as it comes.</summary>
internal static class ForegroundJob
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    /// <summary>Does it, to its end or to an interruption.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string type, JsonElement parameters, string? configPath)
    {
        using var interruption = new Interruption();
        await using LocalHost host = LocalHost.Open(configPath);
        await using var store = new InMemoryTaskStore(SteadyTime.System);
        await using JobRunner jobs = await JobRunner.OpenAsync(
            store, host.JobTypes, new JobRunnerOptions(), SteadyTime.System, NullLogger<JobRunner>.Instance, CancellationToken.None);
        string id;
        try
        {
            id = (await jobs.StartAsync(type, parameters, CancellationToken.None)).JobId;
        }
        catch (InvalidInputException invalid)
        {
            throw new UsageException(invalid.Message);
        }

        using CancellationTokenRegistration cancelling = interruption.Token.Register(() => _ = jobs.CancelAsync(id, CancellationToken.None));

        int shown = 0;
        JobRecord? ended;
        do
        {
            ended = await jobs.WaitAsync(id, Interval, CancellationToken.None);
            string log = await jobs.GetLogAsync(id, CancellationToken.None) ?? "";
            double progress = (ended ?? await jobs.GetAsync(id, CancellationToken.None))?.Progress ?? 0;
            foreach (string line in log[shown..].Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                Reporter.Say(string.Create(CultureInfo.InvariantCulture, $"{progress,4:0%} {line}"));
            }

            shown = log.Length;
        }
        while (ended is null);

        if (ended.Error is { } error)
        {
            Reporter.Say(error.Message);
        }

        return interruption.ExitCode ?? (ended.Status == ExecutionStatus.Completed ? ExitCodes.Success : ExitCodes.Failed);
    }
}
