using Microsoft.Extensions.Logging;

namespace Executor.Api.Problems;

/// <summary>What the API logs.</summary>
internal static partial class ApiLog
{
    [LoggerMessage(3001, LogLevel.Error, "{Method} {Path} failed")]
    public static partial void RequestFailed(this ILogger log, Exception failed, string method, string path);
}
