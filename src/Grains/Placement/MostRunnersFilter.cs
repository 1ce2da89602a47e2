using Orleans.Placement;
using Orleans.Runtime;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.Runtime.Placement;

namespace Executor.Grains.Placement;

/// <summary>Puts a grain on one of the silos that have the most kinds of runner: what it does may need any of them.</summary>
internal sealed class MostRunnersAttribute() : PlacementFilterAttribute(new MostRunnersFilter());

/// <summary>See <see cref="MostRunnersAttribute"/>.</summary>
internal sealed class MostRunnersFilter() : PlacementFilterStrategy(order: 1);

/// <summary>Chooses by <see cref="SiloMetadataKeys.Runners"/>. A silo that has not been heard yet counts as having none.</summary>
internal sealed class MostRunnersDirector(ISiloMetadataCache silos) : IPlacementFilterDirector
{
    /// <inheritdoc/>
    public IEnumerable<SiloAddress> Filter(PlacementFilterStrategy filterStrategy, PlacementTarget target, IEnumerable<SiloAddress> candidates)
    {
        (SiloAddress Silo, int Runners)[] all = [.. candidates.Select(silo => (silo, CountOf(silo)))];
        int most = all.Length == 0 ? 0 : all.Max(candidate => candidate.Runners);
        return all.Where(candidate => candidate.Runners == most).Select(candidate => candidate.Silo);
    }

    private int CountOf(SiloAddress silo) => silos.GetSiloMetadata(silo).Metadata.TryGetValue(SiloMetadataKeys.Runners, out string? runners)
        ? runners.Split(',', StringSplitOptions.RemoveEmptyEntries).Length
        : 0;
}
