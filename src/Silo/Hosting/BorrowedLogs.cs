using Microsoft.Extensions.Logging;

namespace Executor.Silo.Hosting;

/// <summary>
/// The program's loggers for the host, which would dispose its own; of what Orleans says, the warnings, and what went wrong in a line:
/// silos that come and go are its daily business. Its errors come whole.
/// </summary>
internal sealed class BorrowedLogs(ILoggerFactory logs) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName)
    {
        ILogger log = logs.CreateLogger(categoryName);
        return categoryName.StartsWith("Executor", StringComparison.Ordinal) ? log : new Quiet(log);
    }

    public void AddProvider(ILoggerProvider provider)
    {
        // Where logs go is the program's to say.
    }

    public void Dispose()
    {
    }

    private sealed class Quiet(ILogger log) : ILogger
    {
        /// <summary>Orleans' advice to collect garbage as servers do, which takes more memory than a silo's work is worth.</summary>
        private const int AdviceOnGarbage = 100_405;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning && log.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel) || eventId.Id == AdviceOnGarbage)
            {
                return;
            }

            if (logLevel == LogLevel.Warning && exception is not null)
            {
                string line = $"{formatter(state, exception)}: {exception.GetBaseException().Message}";
                log.Log(logLevel, eventId, line, null, (said, _) => said);
            }
            else
            {
                log.Log(logLevel, eventId, state, exception, formatter);
            }
        }
    }
}
