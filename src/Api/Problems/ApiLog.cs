using Microsoft.Extensions.Logging;

namespace Executor.Api.Problems;

/// <summary>What the API logs.</summary>
internal static partial class ApiLog
{
    [LoggerMessage(3002, LogLevel.Warning, "This process may have {Files} files open, so that it takes {Connections} connections at once, and as many executors. Raise the limit for more (ulimit -n, LimitNOFILE=, --ulimit nofile)")]
    public static partial void FewConnections(this ILogger log, int files, int connections);

    [LoggerMessage(3001, LogLevel.Error, "{Method} {Path} failed")]
    public static partial void RequestFailed(this ILogger log, Exception failed, string method, string path);
}
