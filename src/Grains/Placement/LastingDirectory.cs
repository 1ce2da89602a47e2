using Orleans.Configuration;
using Orleans.Hosting;

namespace Executor.Grains.Placement;

/// <summary>
/// The grain directory of grains that are to stay where they are whatever becomes of other silos. In Orleans' default one a silo that ends takes with it
/// every grain, on any silo, whose entry it kept: schedulers would start again, and sessions be lost, for nothing.
/// </summary>
public static class LastingDirectory
{
    /// <summary>Its name, for <see cref="Orleans.GrainDirectory.GrainDirectoryAttribute"/>.</summary>
    public const string Name = "lasting";

    /// <summary>Adds it. Every silo that has our grains needs it.</summary>
    public static ISiloBuilder UseLastingDirectory(this ISiloBuilder silo)
    {
        // Otherwise nothing whose entry was on a killed silo can be found for twenty seconds, in case that silo lives on. Ours may: what they write is fenced.
        silo.Configure<GrainDirectoryOptions>(options => options.RangeLeaseDuration = TimeSpan.Zero);
#pragma warning disable ORLEANSEXP003 // There is no other that gives entries of lost silos to others without a database.
        return silo.AddDistributedGrainDirectory(Name);
#pragma warning restore ORLEANSEXP003
    }
}
