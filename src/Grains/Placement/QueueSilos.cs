using System.Collections.Immutable;
using Orleans.Placement;
using Orleans.Runtime;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.Runtime.Placement;

namespace Executor.Grains.Placement;

/// <summary>Puts a queue's grain on one of the queue's own silos: what a queue does is no load of others, and their ends are none of its business.</summary>
internal sealed class QueueSilosAttribute() : PlacementFilterAttribute(new QueueSilosFilter());

/// <summary>See <see cref="QueueSilosAttribute"/>. Before all others.</summary>
internal sealed class QueueSilosFilter() : PlacementFilterStrategy(order: 0);

/// <summary>
/// Chooses by <see cref="SiloMetadataKeys.Queue"/>; silos that name none are for all queues. Where no silo is for the queue all are: its tasks are taken and
/// wait. While it is not known of every silo what it is for, none is.
/// </summary>
internal sealed class QueueSilosDirector(ISiloMetadataCache silos) : IPlacementFilterDirector
{
    /// <inheritdoc/>
    public IEnumerable<SiloAddress> Filter(PlacementFilterStrategy filterStrategy, PlacementTarget target, IEnumerable<SiloAddress> candidates)
    {
        string queue = GrainKeys.Split(target.GrainIdentity.Key.ToString()!).Queue;
        SiloAddress[] all = [.. candidates];
        SiloAddress[] own = [.. all.Where(silo => MetadataOf(silo).Count > 0 && IsFor(silo, queue))];
        return own.Length > 0 ? own : all.Any(silo => MetadataOf(silo).Count == 0) ? [] : all;
    }

    private bool IsFor(SiloAddress silo, string queue) => !MetadataOf(silo).TryGetValue(SiloMetadataKeys.Queue, out string? name) || name == queue;

    private ImmutableDictionary<string, string> MetadataOf(SiloAddress silo) => silos.GetSiloMetadata(silo).Metadata;
}
