using Executor.Grains.Placement;
using Executor.Grains.Sessions;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.Placement;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace Executor.Grains.Hosting;

/// <summary>Lets silos know of each other what they can run.</summary>
public static class SiloMetadataExtensions
{
    /// <summary>Tells the other silos, and lets grains be placed by what those tell. Every silo that has our grains needs it.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="metadata">By the names of <see cref="SiloMetadataKeys"/>.</param>
    public static ISiloBuilder UseExecutorMetadata(this ISiloBuilder silo, Dictionary<string, string> metadata)
    {
        silo.UseSiloMetadata(metadata);
        silo.Services.AddPlacementFilter<QueueSilosFilter, QueueSilosDirector>(ServiceLifetime.Singleton);
        silo.Services.AddPlacementFilter<MostRunnersFilter, MostRunnersDirector>(ServiceLifetime.Singleton);
        silo.Services.AddPlacementFilter<SessionSilosFilter, SessionSilosDirector>(ServiceLifetime.Singleton);
        return silo;
    }
}
