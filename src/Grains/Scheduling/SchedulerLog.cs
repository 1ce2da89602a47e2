using Microsoft.Extensions.Logging;

namespace Executor.Grains.Scheduling;

/// <summary>What schedulers say.</summary>
internal static partial class SchedulerLog
{
    [LoggerMessage(3001, LogLevel.Information, "Scheduler {Name} works on this silo (epoch {Epoch})")]
    public static partial void Started(this ILogger log, string name, long epoch);

    [LoggerMessage(3002, LogLevel.Warning, "Scheduler {Name} can't reach its store from this silo and gives way to one elsewhere: {Problem}")]
    public static partial void GivesWay(this ILogger log, string name, string problem);

    [LoggerMessage(3003, LogLevel.Warning, "Scheduler {Name} (epoch {Epoch}) was superseded by another one and ends")]
    public static partial void Superseded(this ILogger log, string name, long epoch);
}
