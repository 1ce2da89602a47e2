using Executor.Clocks;
using Executor.Configuration.Batches;
using Executor.Hosting;

namespace Executor.Cli.Batch;

/// <summary>Runs a batch for somebody who watches: opens what it needs, shows progress, sums it up.</summary>
internal static class BatchProgram
{
    /// <summary>Runs it here and gives our exit code.</summary>
    /// <exception cref="UsageException">The request is not valid.</exception>
    /// <exception cref="TaskBatchException">The file can't be read.</exception>
    public static async Task<int> ExecuteAsync(BatchRequest request, string? configPath)
    {
        Check(request);
        using Interruption interruption = new();
        await using LocalHost host = LocalHost.Open(configPath);
        return await WatchAsync(request, interruption, async ledger =>
        {
            await using LocalPlace place = await LocalPlace.StartAsync(host, request.Parallel, ledger);
            using BatchRun run = new(request, place, ledger);
            await run.RunAsync();
        });
    }

    /// <summary>Shows the progress of a run of a batch, sums it up and gives our exit code.</summary>
    /// <param name="request">What was asked for; <see cref="Check"/> finds nothing wrong with it.</param>
    /// <param name="interruption">Stops it.</param>
    /// <param name="run">Runs the tasks; returns when the last has ended or the ledger has stopped.</param>
    /// <exception cref="IOException">A result could not be written.</exception>
    public static async Task<int> WatchAsync(BatchRequest request, Interruption interruption, Func<BatchLedger, Task> run)
    {
        Dictionary<string, bool> ended = request is { Resume: true, Out: string earlier } ? await EarlierResults.TakeUpAsync(earlier, interruption.Token) : [];
        using ResultsWriter results = ResultsWriter.Open(request.Out, keep: request.Resume);
        BatchProgress progress = new(SteadyTime.System) { Total = request.ReadsInput || request.Json ? 0 : LineCount.Estimate(request.File) };
        using BatchLedger ledger = new(results, ended, progress, SteadyTime.System, interruption.Token);
        try
        {
            // Results on the same terminal would tear the bar apart.
            bool hasTerminal = !Console.IsErrorRedirected && (request.Out is not null || Console.IsOutputRedirected);
            await using (request.Json ? null : ProgressDisplay.Start(progress, hasTerminal, SteadyTime.System))
            {
                await run(ledger);
            }

            ledger.ThrowIfFailed();
        }
        finally
        {
            if (progress.Done > 0 || interruption.ExitCode is not null)
            {
                BatchSummary.Write(request, progress, ledger.Invalid, isInterrupted: interruption.ExitCode is not null);
            }
        }

        return interruption.ExitCode ?? (progress.Failed + progress.SkippedFailed > 0 ? ExitCodes.Failed : ExitCodes.Success);
    }

    /// <summary>Refuses what contradicts itself.</summary>
    /// <exception cref="UsageException">It does.</exception>
    public static void Check(BatchRequest request)
    {
        if (request.Parallel is < 1 or > 10_000)
        {
            throw new UsageException($"--parallel: must be 1 to 10000, was {request.Parallel}");
        }

        if (request is { Resume: true, Out: null })
        {
            throw new UsageException("--resume needs --out, the file that has the earlier results");
        }

        if (request.Out is string path && !request.ReadsInput && Path.GetFullPath(path) == Path.GetFullPath(request.File))
        {
            throw new UsageException($"--out {path}: is the file of the tasks themselves");
        }
    }
}
