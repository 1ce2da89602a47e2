using Microsoft.Extensions.Logging;

namespace Executor.Silo.Hosting;

/// <summary>What a silo says.</summary>
internal static partial class SiloLog
{
    [LoggerMessage(3201, LogLevel.Warning, "Refused a TLS connection: {Why}")]
    public static partial void PeerRefused(this ILogger log, string why);
}
