using System.Collections.Concurrent;
using Executor.Executors;
using Executor.Scheduling;
using Executor.Tasks;

namespace Executor.Engine;

/// <summary>
/// An executor's own side: runs what it is given, hands on the output and reports the ends. The same in the scheduler's process and in a
/// worker process, which only have different connections.
/// </summary>
/// <param name="run">Runs an attempt.</param>
public sealed class TaskWorker(AttemptHandler run) : IExecutorLink, IAsyncDisposable
{
    private readonly ConcurrentDictionary<TaskAttempt, RunningAttempt> _running = [];
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile IExecutorConnection? _connection;
    private volatile bool _draining;

    /// <summary>What it runs.</summary>
    public IReadOnlyList<TaskAttempt> Running => [.. _running.Keys];

    /// <summary>Ends when it has been told to drain and runs nothing any more.</summary>
    public Task Drained => _drained.Task;

    /// <inheritdoc/>
    public void Attach(IExecutorConnection connection) => _connection = connection;

    /// <inheritdoc/>
    public void Send(ServerMessage message)
    {
        switch (message)
        {
            case TaskAssignment assignment:
                Run(assignment);
                break;
            case CancelMessage cancel:
                Cancel(cancel.Task);
                break;
            case RegisteredMessage registered:
                foreach (TaskAttempt stale in registered.Stale)
                {
                    Cancel(stale);
                }

                break;
            case DrainedMessage:
                Drain();
                break;
        }
    }

    /// <summary>Ends <see cref="Drained"/> once it runs nothing any more.</summary>
    public void Drain()
    {
        _draining = true;
        EndIfDrained();
    }

    /// <summary>Stops everything it runs and waits for the ends, which are reported.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (RunningAttempt attempt in _running.Values)
        {
            attempt.Stop.Cancel();
        }

        await Task.WhenAll(_running.Values.Select(attempt => attempt.End));
    }

    private void Run(TaskAssignment assignment)
    {
        var attempt = new RunningAttempt();
        if (_running.TryAdd(assignment.Task, attempt))
        {
            // The scheduler's thread goes on; what a run does before its first wait is the run's.
            attempt.End = Task.Run(() => RunAsync(assignment, attempt));
        }
    }

    private void Cancel(TaskAttempt task)
    {
        if (_running.TryGetValue(task, out RunningAttempt? attempt))
        {
            // What the cancellation sets off may report at once, which must not be within the server's call.
            _ = attempt.Stop.CancelAsync();
        }
    }

    private async Task RunAsync(TaskAssignment assignment, RunningAttempt attempt)
    {
        TaskAttempt task = assignment.Task;
        TaskResult result;
        try
        {
            result = await run(
                assignment,
                (stream, data, cancellationToken) => new ValueTask(_connection!.SendAsync(new OutputMessage(task, stream, data), cancellationToken)),
                attempt.Stop.Token);
        }
        catch (RunnerException failed)
        {
            result = Failure(assignment, failed.ErrorType, failed.Message);
        }
        // The edge of a task: whatever went wrong in our own machinery is its result, or it would run for ever.
        catch (Exception failed)
        {
            result = Failure(assignment, TaskErrorTypes.RunnerFailed, $"{failed.GetType().Name}: {failed.Message}");
        }

        try
        {
            await _connection!.SendAsync(new ResultMessage(task, result), CancellationToken.None);
        }
        finally
        {
            _running.TryRemove(task, out _);
            EndIfDrained();
        }
    }

    private void EndIfDrained()
    {
        if (_draining && _running.IsEmpty)
        {
            _drained.TrySetResult();
        }
    }

    private static TaskResult Failure(TaskAssignment assignment, string type, string message) => new()
    {
        TaskId = assignment.Spec.TaskId!,
        Name = assignment.Spec.Name,
        Attempt = assignment.Attempt,
        Details = assignment.Spec.Details,
        Status = ExecutionStatus.Failed,
        Hostname = Environment.MachineName,
        Error = new TaskError { Type = type, Message = message },
    };

    /// <summary>An attempt that runs, and the way to stop it.</summary>
    // Not disposed: it has no timer and no handle, and a late cancel must find it.
    private sealed class RunningAttempt
    {
        public CancellationTokenSource Stop { get; } = new();

        public Task End { get; set; } = Task.CompletedTask;
    }
}
