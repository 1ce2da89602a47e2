using Executor.Runners.Workspaces;
using Executor.Tasks;

namespace Executor.Runners;

/// <summary>Why a stage ended.</summary>
internal enum StageEndReason
{
    /// <summary>By itself, or by a limit of its process's.</summary>
    Ended,

    /// <summary>Its wall-clock timeout was reached.</summary>
    TimedOut,

    /// <summary>Somebody cancelled the task.</summary>
    Cancelled,
}

/// <summary>How a stage ended.</summary>
internal readonly record struct StageEnd(ProcessExit Exit, StageEndReason Reason);

/// <summary>Runs one process with its input, its timeout and its two-step stop.</summary>
internal static class StageRun
{
    /// <summary>After the kill the end must come; if it doesn't, the runner is at fault.</summary>
    private static readonly TimeSpan KillTimeout = TimeSpan.FromSeconds(10);

    public static async Task<StageEnd> RunAsync(
        IWorkspace workspace,
        ProcessSpec spec,
        Stream? input,
        TimeSpan timeout,
        TimeSpan grace,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        await using IRunningProcess process = await workspace.StartAsync(spec, cancellationToken);
        using var ended = new CancellationTokenSource();
        Task feeding = spec.HasInput ? FeedAsync(process.StandardInput, input!, ended.Token) : Task.CompletedTask;
        try
        {
            using var timer = new CancellationTokenSource(timeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
            try
            {
                return new StageEnd(await process.WaitAsync(either.Token), StageEndReason.Ended);
            }
            catch (OperationCanceledException) when (either.IsCancellationRequested)
            {
                ProcessExit exit = await StopAsync(process, grace, time);
                return new StageEnd(exit, cancellationToken.IsCancellationRequested ? StageEndReason.Cancelled : StageEndReason.TimedOut);
            }
        }
        finally
        {
            await ended.CancelAsync();
            // Its source may be a terminal whose read can't be called back: it isn't waited for, and what it reads goes nowhere.
            _ = feeding.ContinueWith(task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        }
    }

    private static async Task<ProcessExit> StopAsync(IRunningProcess process, TimeSpan grace, TimeProvider time)
    {
        await process.StopAsync(StopMode.Polite, CancellationToken.None);
        try
        {
            return await process.WaitAsync(CancellationToken.None).WaitAsync(grace, time);
        }
        catch (TimeoutException)
        {
            await process.StopAsync(StopMode.KillTree, CancellationToken.None);
        }

        try
        {
            return await process.WaitAsync(CancellationToken.None).WaitAsync(KillTimeout, time);
        }
        catch (TimeoutException)
        {
            throw new RunnerException(Tasks.TaskErrorTypes.RunnerFailed, $"The process did not end within {KillTimeout.TotalSeconds:0} s of being killed.");
        }
    }

    private static async Task FeedAsync(Stream target, Stream source, CancellationToken cancellationToken)
    {
        try
        {
            await source.CopyToAsync(target, cancellationToken);
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The process ended or closed its input before it had read everything, or the source broke: either way there is no more.
        }

        target.Close();
    }
}
