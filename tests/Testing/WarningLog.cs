using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Executor.Testing;

/// <summary>What is warned of, or said at another level and above, to be waited for.</summary>
public sealed class WarningLog(LogLevel least = LogLevel.Warning) : ILogger
{
    private readonly Channel<string> _said = Channel.CreateUnbounded<string>();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= least;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _said.Writer.TryWrite(formatter(state, exception));

    /// <summary>Passes over what has been said.</summary>
    public void Forget()
    {
        while (_said.Reader.TryRead(out _))
        {
        }
    }

    /// <summary>The next that is said.</summary>
    public async Task<string> NextAsync()
    {
        using CancellationTokenSource timeLimit = new(TimeSpan.FromSeconds(30));
        return await _said.Reader.ReadAsync(timeLimit.Token);
    }

    /// <summary>Waits for the next with a text in it.</summary>
    public async Task SeeAsync(string text)
    {
        while (!(await NextAsync()).Contains(text, StringComparison.Ordinal))
        {
        }
    }
}
