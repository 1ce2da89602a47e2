using Orleans.Placement;
using Orleans.Runtime;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.Runtime.Placement;

namespace Executor.Grains.Sessions;

/// <summary>Puts a session on a silo that has what it needs, by <see cref="SessionNeeds"/>, and has not refused it.</summary>
internal sealed class SessionSilosAttribute() : PlacementFilterAttribute(new SessionSilosFilter());

/// <summary>See <see cref="SessionSilosAttribute"/>.</summary>
internal sealed class SessionSilosFilter() : PlacementFilterStrategy(order: 0);

/// <summary>Where no silo is left all are: the one that is chosen then says why it can't.</summary>
internal sealed class SessionSilosDirector(ISiloMetadataCache silos) : IPlacementFilterDirector
{
    /// <inheritdoc/>
    public IEnumerable<SiloAddress> Filter(PlacementFilterStrategy filterStrategy, PlacementTarget target, IEnumerable<SiloAddress> candidates)
    {
        (SessionNeeds needs, IReadOnlyList<string> refused) = SessionNeeds.From(target.RequestContextData);
        SiloAddress[] all = [.. candidates];
        SiloAddress[] fitting =
        [
            .. all.Where(silo =>
                !refused.Contains(silo.ToParsableString())
                && Has(silo, SiloMetadataKeys.Runners, needs.Runner)
                && Has(silo, SiloMetadataKeys.CodeExecutors, needs.CodeExecutor)),
        ];
        return fitting.Length > 0 ? fitting : all;
    }

    private bool Has(SiloAddress silo, string key, string? name) =>
        name is null || (silos.GetSiloMetadata(silo).Metadata.TryGetValue(key, out string? list) && list.Split(',').Contains(name));
}
