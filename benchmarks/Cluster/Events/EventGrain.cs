using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Executor.Grains.Scheduling;
using Executor.Grains.Serialization;
using Orleans.Concurrency;
using Orleans.Placement;

namespace Executor.Benchmarks.Cluster.Events;

/// <summary>Hands out the events of a scheduler's own queue, whose events the benchmark adds past the grain: it is in the same process.</summary>
[Reentrant]
[PreferLocalPlacement]
internal sealed class EventGrain : Grain, IEventGrain
{
    private static readonly ConcurrentDictionary<string, EventQueue> Queues = [];

    public static EventQueue QueueOf(string key) => Queues.GetOrAdd(key, _ => new EventQueue());

    private EventQueue Queue => QueueOf(this.GetPrimaryKeyString());

    public async Task<EventBatch> PullAsync(long seen)
    {
        EventQueue queue = Queue;
        return Batch(await Task.Run(() => queue.PullAsync(seen, CancellationToken.None)));
    }

    public async IAsyncEnumerable<EventBatch> StreamAsync(long seen, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        EventQueue queue = Queue;
        while (!cancellationToken.IsCancellationRequested)
        {
            long from = seen;
            IReadOnlyList<NumberedEvent> events = await Task.Run(() => queue.PullAsync(from, cancellationToken), cancellationToken);
            if (events.Count > 0)
            {
                // Forgotten as it is given, though nobody knows whether it arrives: the stream at its best.
                seen = events[^1].Number;
                yield return Batch(events);
            }
        }
    }

    private static EventBatch Batch(IReadOnlyList<NumberedEvent> events) => new(ConnectionStatus.Taken, new Payload<IReadOnlyList<NumberedEvent>>(events));
}
