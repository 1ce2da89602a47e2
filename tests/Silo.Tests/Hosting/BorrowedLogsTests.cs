using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Executor.Silo.Hosting;

/// <summary>What of Orleans' messages is in a silo's log.</summary>
public sealed class BorrowedLogsTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly Recorder _recorder = new();

    [Theory]
    [InlineData(LogLevel.Warning)]
    [InlineData(LogLevel.Error)]
    public void Failure_is_one_line_with_its_cause_and_no_stack(LogLevel level)
    {
        Say(Logger("Orleans.Messaging"), level, "A neighbour does not answer", Thrown());
        Assert.Equal([$"{level} A neighbour does not answer: the connection was reset, by the other side"], _recorder.Lines);
    }

    [Fact]
    public void Whoever_wants_debug_messages_gets_everything_whole()
    {
        _recorder.Least = LogLevel.Debug;
        ILogger log = Logger("Orleans.Messaging");
        Say(log, LogLevel.Error, "Failed", Thrown());
        Say(log, LogLevel.Information, "it works");
        Assert.Equal(2, _recorder.Lines.Count);
        Assert.Contains("   at ", _recorder.Lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Daily_business_and_what_the_watchdog_says_of_the_time_before_the_process_are_not_heard()
    {
        ILogger watchdog = Logger("Orleans.Runtime.Watchdog");
        Say(watchdog, LogLevel.Information, "fine");
        Say(watchdog, LogLevel.Warning, TimeSpan.FromHours(2));
        Say(Logger("Polly"), LogLevel.Error, "tried");
        Assert.Empty(_recorder.Lines);

        _time.Advance(TimeSpan.FromHours(3));
        Say(watchdog, LogLevel.Warning, TimeSpan.FromHours(2));
        Assert.Single(_recorder.Lines);
    }

    [Fact]
    public void What_Orleans_misses_while_it_stops_is_not_heard_but_what_we_say_is()
    {
        BorrowedLogs logs = new(_recorder, _time);
        logs.BeginStop();
        Say(logs.CreateLogger("Orleans.Messaging"), LogLevel.Error, "Failed to address a message", Thrown());
        Say(logs.CreateLogger("Executor.Silo"), LogLevel.Warning, "ours");
        Assert.Equal(["Warning ours"], _recorder.Lines);
    }

    public void Dispose() => _recorder.Dispose();

    private ILogger Logger(string category) => new BorrowedLogs(_recorder, _time).CreateLogger(category);

    /// <summary>Logs as the framework does: the values of a message are its state.</summary>
    private static void Say(ILogger log, LogLevel level, object value, Exception? failed = null)
    {
        IReadOnlyList<KeyValuePair<string, object?>> state = [new("Value", value)];
        log.Log(level, default, state, failed, static (state, _) => state[0].Value!.ToString()!);
    }

    private static InvalidOperationException Thrown()
    {
        try
        {
            throw new InvalidOperationException("outer", new IOException("the connection was reset,\nby the other side"));
        }
        catch (InvalidOperationException thrown)
        {
            return thrown;
        }
    }

    private sealed class Recorder : ILoggerFactory, ILogger
    {
        public List<string> Lines { get; } = [];

        public LogLevel Least { get; set; } = LogLevel.Warning;

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= Least;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add($"{logLevel} {formatter(state, exception)}{(exception is null ? "" : $"\n{exception}")}");

        public void Dispose()
        {
        }
    }
}
