using Executor.Configuration;
using Executor.Hosting.Logging;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Executor.Hosting;

/// <summary>Chooses where the program's logs go.</summary>
internal static class Loggers
{
    /// <summary>
    /// What the configuration's <c>logging</c> says. Without a configuration nothing is logged, and the logging library not
    /// even loaded; <c>EXECUTOR_DEBUG=1</c> logs everything to standard error.
    /// </summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="isServer">Whether many are served: then warnings go to standard error without a configuration, too.</param>
    public static ILoggerFactory Create(ExecutorConfiguration configuration, bool isServer = false)
    {
        if (Reporter.IsDebug)
        {
            return SerilogFactory.Create([new LoggingOptions { Name = LoggingOptions.MainName, ConsoleLevel = LogLevel.Debug }]);
        }

        if (!ReferenceEquals(configuration, ExecutorConfiguration.Default))
        {
            return SerilogFactory.Create(configuration.Logging);
        }

        return isServer
            ? SerilogFactory.Create([new LoggingOptions { Name = LoggingOptions.MainName, ConsoleLevel = LogLevel.Warning }])
            : NullLoggerFactory.Instance;
    }
}
