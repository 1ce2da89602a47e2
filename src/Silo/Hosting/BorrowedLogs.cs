using Microsoft.Extensions.Logging;

namespace Executor.Silo.Hosting;

/// <summary>
/// The program's loggers for the host, which would dispose its own; of what Orleans says, the warnings and errors, each in a line: silos that
/// come and go are its daily business, and its stack traces say nothing to who runs a silo. Where debug messages are logged everything is whole.
/// </summary>
/// <param name="logs">The program's loggers.</param>
/// <param name="time">The clock.</param>
internal sealed class BorrowedLogs(ILoggerFactory logs, TimeProvider time) : ILoggerFactory
{
    private readonly long _start = time.GetTimestamp();
    private volatile bool _isStopping;

    public ILogger CreateLogger(string categoryName)
    {
        ILogger log = logs.CreateLogger(categoryName);
        return categoryName.StartsWith("Executor", StringComparison.Ordinal) ? log
            : categoryName == "Polly" ? new Quiet(this, log, LogLevel.None)
            : new Quiet(this, log, LogLevel.Warning);
    }

    public void AddProvider(ILoggerProvider provider)
    {
        // Where logs go is the program's to say.
    }

    public void Dispose()
    {
    }

    /// <summary>The host stops: what it then finds missing is what it has taken down itself.</summary>
    public void BeginStop() => _isStopping = true;

    /// <param name="logs">Whose it is.</param>
    /// <param name="log">Where it goes.</param>
    /// <param name="least">What is heard of it. Polly's tries are none: whoever tries says what came of it.</param>
    private sealed class Quiet(BorrowedLogs logs, ILogger log, LogLevel least) : ILogger
    {
        /// <summary>Orleans' advice to collect garbage as servers do, which takes more memory than a silo's work is worth.</summary>
        private const int AdviceOnGarbage = 100_405;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) =>
            log.IsEnabled(logLevel) && (log.IsEnabled(LogLevel.Debug) || logLevel >= (logs._isStopping && least != LogLevel.None ? LogLevel.Critical : least));

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel) || eventId.Id == AdviceOnGarbage || IsOlderThanUs(state))
            {
                return;
            }

            if (exception is null || log.IsEnabled(LogLevel.Debug))
            {
                log.Log(logLevel, eventId, state, exception, formatter);
                return;
            }

            string line = $"{formatter(state, exception)}: {exception.GetBaseException().Message}".ReplaceLineEndings(" ");
            log.Log(logLevel, eventId, line, null, static (said, _) => said);
        }

        /// <summary>Whether it tells of something that has lasted for longer than this process: Orleans' watchdog counts its first round from the machine's start.</summary>
        private bool IsOlderThanUs<TState>(TState state) =>
            state is IReadOnlyList<KeyValuePair<string, object?>> values
            && values.Any(value => value.Value is TimeSpan time && time > logs.Age + TimeSpan.FromMinutes(1));
    }

    private TimeSpan Age => time.GetElapsedTime(_start);
}
