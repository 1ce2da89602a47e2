using System.Diagnostics;
using System.Globalization;
using Executor.Executors;
using Executor.Grains.Scheduling;

namespace Executor.Benchmarks.Cluster.Events;

/// <summary>Reads events and notes how long each was on its way.</summary>
internal sealed class EventReader(IEventGrain grain)
{
    private readonly Lock _lock = new();
    private List<double> _taken = [];
    private (int Left, TaskCompletionSource Done)? _awaited;
    private long _seen;

    /// <summary>Ends when so many more have come.</summary>
    public Task CountedAsync(int count)
    {
        lock (_lock)
        {
            TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited = (count, done);
            return done.Task;
        }
    }

    /// <summary>Begins anew.</summary>
    /// <returns>How long each was on its way since the last time, in microseconds, sorted.</returns>
    public double[] Begin()
    {
        lock (_lock)
        {
            double[] taken = [.. _taken.Order()];
            _taken = [];
            return taken;
        }
    }

    public async Task PollAsync(CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            Take(await grain.PullAsync(_seen));
        }
    }

    public async Task StreamAsync(CancellationToken over)
    {
        try
        {
            await foreach (EventBatch batch in grain.StreamAsync(_seen, over))
            {
                Take(batch);
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The end.
        }
    }

    private void Take(EventBatch batch)
    {
        IReadOnlyList<NumberedEvent> events = batch.Events.Open();
        long now = Stopwatch.GetTimestamp();
        lock (_lock)
        {
            foreach (NumberedEvent numbered in events)
            {
                if (numbered.Number != _seen + 1)
                {
                    throw new InvalidOperationException($"Event {numbered.Number} came after {_seen}.");
                }

                _seen = numbered.Number;
                TaskAssignment run = (TaskAssignment)((ExecutorEvent)numbered.Event).Message;
                _taken.Add(Stopwatch.GetElapsedTime(long.Parse(run.TraceParent!, CultureInfo.InvariantCulture), now).TotalMicroseconds);
                if (_awaited is var (left, done))
                {
                    _awaited = left > 1 ? (left - 1, done) : null;
                    if (left == 1)
                    {
                        done.SetResult();
                    }
                }
            }
        }
    }
}
