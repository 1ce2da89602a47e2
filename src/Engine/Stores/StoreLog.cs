using Microsoft.Extensions.Logging;

namespace Executor.Engine.Stores;

/// <summary>What is said of the store.</summary>
internal static partial class StoreLog
{
    [LoggerMessage(2002, LogLevel.Warning, "The store failed; trying again in {Delay}: {Problem}")]
    public static partial void StoreFailed(this ILogger log, TimeSpan delay, string problem);
}
