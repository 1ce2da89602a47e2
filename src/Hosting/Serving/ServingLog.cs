using Microsoft.Extensions.Logging;

namespace Executor.Hosting.Serving;

/// <summary>What a process that serves says of the machine it is on.</summary>
internal static partial class ServingLog
{
    [LoggerMessage(
        3301,
        LogLevel.Warning,
        "The system's clock was set {Direction} by {By:c}. Waits, leases and ages go by what has passed; the times that are shown are {Off:c} off and come up to it within {Within:c}, "
        + "or at once when this process is started again")]
    public static partial void ClockSet(this ILogger log, string direction, TimeSpan by, TimeSpan off, TimeSpan within);

    [LoggerMessage(3302, LogLevel.Information, "Our time and the system's clock are the same again")]
    public static partial void ClockReached(this ILogger log);
}
