using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Executor.Api.Hosting;

/// <summary>
/// The program's loggers as the web framework gets them: it tells of every request in several lines, of which only warnings are wanted, and
/// of a start that failed with every stack there is, which the caller tells in a sentence.
/// </summary>
internal sealed class FrameworkLogs(ILoggerFactory inner) : ILoggerFactory
{
    private volatile bool _isStarted;

    public ILogger CreateLogger(string categoryName) => categoryName.StartsWith("Microsoft.", StringComparison.Ordinal)
        ? new WarningsOnly(this, inner.CreateLogger(categoryName))
        : inner.CreateLogger(categoryName);

    /// <summary>Lets the framework be heard.</summary>
    public void Begin() => _isStarted = true;

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    /// <summary>Leaves the program's loggers open: they are not this one's.</summary>
    public void Dispose()
    {
    }

    private sealed class WarningsOnly(FrameworkLogs logs, ILogger inner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => NullLogger.Instance.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => logs._isStarted && logLevel >= LogLevel.Warning && inner.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                inner.Log(logLevel, eventId, state, exception, formatter);
            }
        }
    }
}
