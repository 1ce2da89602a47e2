using Executor.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Executor.Cli.Logging;

/// <summary>Chooses where the program's logs go.</summary>
internal static class Loggers
{
    /// <summary>
    /// What the configuration's <c>logging</c> says. Without a configuration nothing is logged, and the logging library not
    /// even loaded; <c>EXECUTOR_DEBUG=1</c> logs everything to standard error.
    /// </summary>
    public static ILoggerFactory Create(ExecutorConfiguration configuration)
    {
        if (Reporter.IsDebug)
        {
            return SerilogFactory.Create([new LoggingOptions { Name = LoggingOptions.MainName, ConsoleLevel = LogLevel.Debug }]);
        }

        return ReferenceEquals(configuration, ExecutorConfiguration.Default)
            ? NullLoggerFactory.Instance
            : SerilogFactory.Create(configuration.Logging);
    }
}
