using Executor.Grains.Scheduling;

namespace Executor.Benchmarks.Cluster.Events;

/// <summary>A scheduler's events for one client, both ways: asked for again and again, and as a stream.</summary>
[Alias("executor.benchmark.events")]
public interface IEventGrain : IGrainWithStringKey
{
    /// <summary>As <see cref="ISchedulerGrain.PullAsync"/>.</summary>
    [ResponseTimeout("00:00:05")]
    [Alias("pull")]
    Task<EventBatch> PullAsync(long seen);

    /// <summary>The same events without an end, each batch as soon as there is one.</summary>
    /// <param name="seen">The last number that was seen.</param>
    /// <param name="cancellationToken">Ends it.</param>
    [Alias("stream")]
    IAsyncEnumerable<EventBatch> StreamAsync(long seen, CancellationToken cancellationToken);
}
