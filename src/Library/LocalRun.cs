using System.Globalization;
using System.Text.Json;
using Executor.Tasks;

namespace Executor.Library;

/// <summary>Runs functions of this process as tasks: with a timeout, and with a result whatever they do.</summary>
/// <param name="time">The clock.</param>
internal sealed class LocalRun(TimeProvider time)
{
    /// <summary>The runtime of tasks that are functions of this process.</summary>
    public const string RuntimeId = "dotnet";

    /// <summary>How long a function that was asked to stop may take to do so before its task ends without it.</summary>
    private static readonly TimeSpan StopGrace = TimeSpan.FromMilliseconds(500);

    private int _abandoned;

    /// <summary>Functions that still run though their tasks have ended.</summary>
    public int Abandoned => Volatile.Read(ref _abandoned);

    /// <summary>Runs a function to its end, or to the end of its time. Nothing is thrown for what it does.</summary>
    /// <param name="task">The task.</param>
    /// <param name="attempt">Which attempt, from 1.</param>
    /// <param name="timeout">When it is to end.</param>
    /// <param name="begin">Begins it, on a thread of its own or of the pool.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public async Task<TaskResult> RunAsync(
        TaskSpec task, int attempt, TimeSpan timeout, Func<CancellationToken, Task<object?>> begin, CancellationToken cancellationToken)
    {
        DateTimeOffset start = time.GetUtcNow();
        long started = time.GetTimestamp();
        TaskResult result = await EndAsync(
            new TaskResult
            {
                TaskId = task.TaskId ?? Guid.CreateVersion7().ToString(),
                Name = task.Name,
                Details = task.Details,
                Status = ExecutionStatus.Running,
                StartTimeMs = start.ToUnixTimeMilliseconds(),
                RuntimeId = RuntimeId,
                Hostname = Environment.MachineName,
                Attempt = attempt,
            },
            timeout,
            begin,
            cancellationToken);
        return result with
        {
            EndTimeMs = time.GetUtcNow().ToUnixTimeMilliseconds(),
            DurationSec = Math.Round(time.GetElapsedTime(started).TotalSeconds, 6),
        };
    }

    private async Task<TaskResult> EndAsync(
        TaskResult result, TimeSpan timeout, Func<CancellationToken, Task<object?>> begin, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeUp = new(timeout, time);
        // Not disposed: a function that does not stop in time goes on using its token.
        CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeUp.Token);
        Task<object?> running = begin(stop.Token);
        await ((Task)running.WaitAsync(stop.Token)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (running.IsCompleted)
        {
            if (!stop.IsCancellationRequested || !HasGivenUp(running))
            {
                stop.Dispose();
                return await ValueAsync(result, running);
            }
        }
        else
        {
            await ((Task)running.WaitAsync(StopGrace, time, CancellationToken.None)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!running.IsCompleted)
            {
                Abandon(running);
            }
        }

        return cancellationToken.IsCancellationRequested
            ? result with
            {
                Status = ExecutionStatus.Cancelled,
                Error = TaskError.Cancelled,
            }
            : result with
            {
                Status = ExecutionStatus.Failed,
                TimedOut = true,
                Error = Error(TaskErrorTypes.Timeout, string.Create(CultureInfo.InvariantCulture, $"stopped after its timeout of {timeout.TotalSeconds:0.###} s")),
            };
    }

    private static async Task<TaskResult> ValueAsync(TaskResult result, Task<object?> ended)
    {
        TaskError? error;
        try
        {
            object? value = await ended;
            JsonElement json = LocalJson.Result(value, out error);
            if (error is null)
            {
                return result with { Status = ExecutionStatus.Completed, Result = json };
            }
        }
        catch (InvalidTaskException invalid)
        {
            error = Error(TaskErrorTypes.InvalidTask, invalid.Message);
        }
        // The edge of a task: whatever its function throws is its result.
        catch (Exception thrown)
        {
            error = LocalErrors.Of(thrown);
        }

        return result with { Status = ExecutionStatus.Failed, Error = error };
    }

    private static bool HasGivenUp(Task ended) => ended.IsCanceled || ended.Exception?.InnerException is OperationCanceledException;

    private void Abandon(Task running)
    {
        Interlocked.Increment(ref _abandoned);
        running.ContinueWith(
            ended =>
            {
                _ = ended.Exception; // seen: nobody is left to be told
                Interlocked.Decrement(ref _abandoned);
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    private static TaskError Error(string type, string message) => new() { Type = type, Message = message };
}
