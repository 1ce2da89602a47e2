using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Executor.Storage.Sql.Tests;

/// <summary>The warnings of a store, to be waited for.</summary>
internal sealed class WarningLog : ILogger
{
    private readonly Channel<string> _warnings = Channel.CreateUnbounded<string>();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel == LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _warnings.Writer.TryWrite(formatter(state, exception));

    /// <summary>Passes over those that have come.</summary>
    public void Forget()
    {
        while (_warnings.Reader.TryRead(out _))
        {
        }
    }

    /// <summary>Waits for the next warning with a text in it.</summary>
    public async Task SeeAsync(string text)
    {
        using CancellationTokenSource timeLimit = new(TimeSpan.FromSeconds(30));
        while (!(await _warnings.Reader.ReadAsync(timeLimit.Token)).Contains(text, StringComparison.Ordinal))
        {
        }
    }
}
