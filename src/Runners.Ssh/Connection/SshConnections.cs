using System.Runtime.ExceptionServices;
using Executor.Executors;
using Executor.Runners.Ssh.Options;
using Executor.Tasks;

namespace Executor.Runners.Ssh.Connection;

/// <summary>
/// The connections to one host: one, and further ones when the server gives no more channels over it. A lost one is opened again
/// when it is needed, with growing pauses; a refusal is remembered, so that a wrong password is not tried again with each task.
/// </summary>
internal sealed class SshConnections(SshCodeExecutorOptions options, Action<string> warn, TimeProvider time) : IAsyncDisposable
{
    /// <summary>How long a host that was there before may stay away before tasks fail.</summary>
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>How long a failure is told again without a new attempt.</summary>
    private static readonly TimeSpan FailureHolds = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan RefusalHolds = TimeSpan.FromSeconds(15);

    private readonly SemaphoreSlim _connecting = new(1);
    private readonly CancellationTokenSource _disposing = new();
    private volatile SshConnection[] _all = [];
    private bool _wasThere;
    private RunnerException? _failure;
    private long _failedAt;
    private TimeSpan _holds;

    /// <summary>A connection that is alive.</summary>
    /// <exception cref="RunnerException">There is none to be had.</exception>
    public async Task<SshConnection> AnyAsync(CancellationToken cancellationToken) =>
        _all.FirstOrDefault(connection => !connection.IsLost) ?? await ConnectAsync(_ => true, cancellationToken);

    /// <summary>Starts a command, on a connection that has room for it.</summary>
    /// <exception cref="RunnerException">There is no connection to be had, or it was lost just now.</exception>
    public async Task<(SshConnection Connection, RemoteCommand Command)> StartAsync(Func<SshConnection, string> commandLine, CancellationToken cancellationToken)
    {
        while (true)
        {
            SshConnection connection = _all.FirstOrDefault(connection => connection.TryReserve())
                ?? await ConnectAsync(connection => connection.TryReserve(), cancellationToken);
            if (await connection.StartAsync(commandLine(connection), cancellationToken) is { } command)
            {
                return (connection, command);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _disposing.CancelAsync();
        await _connecting.WaitAsync();
        await Task.WhenAll(_all.Select(connection => connection.DisposeAsync().AsTask()));
        _all = [];
    }

    /// <param name="suits">Whether a connection will do, and if so takes what is wanted of it; one that somebody else opened meanwhile may, a new one does.</param>
    /// <param name="cancellationToken">Stops it.</param>
    private async Task<SshConnection> ConnectAsync(Func<SshConnection, bool> suits, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposing.Token);
        await _connecting.WaitAsync(either.Token);
        try
        {
            await RemoveLostAsync();
            if (_all.FirstOrDefault(suits) is { } opened)
            {
                return opened;
            }

            if (_failure is not null && time.GetElapsedTime(_failedAt) < _holds)
            {
                throw new RunnerException(_failure.ErrorType, _failure.Message, _failure);
            }

            SshConnection connection = await RetryAsync(either.Token);
            suits(connection);
            _all = [.. _all, connection];
            return connection;
        }
        finally
        {
            _connecting.Release();
        }
    }

    private async Task<SshConnection> RetryAsync(CancellationToken cancellationToken)
    {
        long began = time.GetTimestamp();
        for (TimeSpan pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                SshConnection connection = await SshConnection.OpenAsync(options, warn, time, cancellationToken);
                (_wasThere, _failure) = (true, null);
                return connection;
            }
            catch (RefusedException refused)
            {
                Remember(refused.Refusal, RefusalHolds);
                ExceptionDispatchInfo.Throw(refused.Refusal);
            }
            catch (RunnerException failed) when (!_wasThere || time.GetElapsedTime(began) + pause > TimeLimit)
            {
                Remember(failed, FailureHolds);
                throw;
            }
            catch (RunnerException)
            {
                await Task.Delay(pause, time, cancellationToken);
            }
        }
    }

    private void Remember(RunnerException failure, TimeSpan holds) => (_failure, _failedAt, _holds) = (failure, time.GetTimestamp(), holds);

    private async Task RemoveLostAsync()
    {
        SshConnection[] lost = [.. _all.Where(connection => connection.IsLost)];
        _all = [.. _all.Except(lost)];
        foreach (SshConnection connection in lost)
        {
            await connection.DisposeAsync();
        }
    }
}
