using Executor.Engine.Sessions;
using Executor.Sessions;
using Executor.Tasks;

namespace Executor.Grains.Sessions;

/// <summary>An execution and what it has printed, for who asks for it again and again. Safe to call from many threads.</summary>
internal sealed class RunningExecution : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<ExecutionOutput> _output = [];
    private readonly CancellationTokenSource _left = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Begins it.</summary>
    /// <param name="session">Where.</param>
    /// <param name="request">The code.</param>
    /// <param name="isWatched">Whether its output is kept.</param>
    public RunningExecution(Session session, ExecuteRequest request, bool isWatched)
    {
        End = Task.Run(async () =>
        {
            try
            {
                return await session.ExecuteAsync(request, isWatched ? ReceiveAsync : null, _left.Token);
            }
            finally
            {
                EndedAt = Environment.TickCount64;
                Signal();
            }
        });
        // Who has left does not hear of it.
        _ = End.ContinueWith(static end => end.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    /// <summary>What comes of it.</summary>
    public Task<SessionExecution> End { get; }

    /// <summary>When it ended, by the system's ticks; null: it has not.</summary>
    public long? EndedAt { get; private set; }

    /// <summary>Interrupts it: nobody waits for it any more.</summary>
    // The source has no timer and no handle, and what is under way must find it.
    public void Dispose() => _left.Cancel();

    /// <summary>Waits for an update.</summary>
    /// <param name="seen">How many pieces have been seen.</param>
    /// <param name="timeLimit">How long.</param>
    public async Task<ExecutionUpdate> NextAsync(int seen, TimeSpan timeLimit)
    {
        Task changed;
        lock (_lock)
        {
            changed = seen < _output.Count || End.IsCompleted ? Task.CompletedTask : _changed.Task;
        }

        await ((Task)Task.WhenAny(changed, End)).WaitAsync(timeLimit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // Before the output, all of which is there when it has ended.
        bool hasEnded = End.IsCompleted;
        ExecutionOutput[] output;
        lock (_lock)
        {
            output = [.. _output.Skip(seen)];
        }

        return new ExecutionUpdate(output, hasEnded ? await End : null);
    }

    private ValueTask ReceiveAsync(OutputStream stream, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _output.Add(new ExecutionOutput(stream, data.ToArray()));
        }

        Signal();
        return ValueTask.CompletedTask;
    }

    private void Signal()
    {
        lock (_lock)
        {
            _changed.TrySetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
