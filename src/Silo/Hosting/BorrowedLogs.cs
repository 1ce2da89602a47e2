using Microsoft.Extensions.Logging;

namespace Executor.Silo.Hosting;

/// <summary>The program's loggers for the host, which would dispose its own; of what Orleans says, the warnings.</summary>
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
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning && log.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                log.Log(logLevel, eventId, state, exception, formatter);
            }
        }
    }
}
