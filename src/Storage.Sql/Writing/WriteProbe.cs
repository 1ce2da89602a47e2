using System.Globalization;
using Executor.Storage.Sql.Databases;

namespace Executor.Storage.Sql.Writing;

/// <summary>
/// Tells whether writes are taken. It writes something itself where nothing else has been written lately, and only when asked: one write at a time and at most
/// one in two seconds, however many ask.
/// </summary>
internal sealed class WriteProbe(SqlDatabase database, WriteQueue writes, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Stale = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private Task? _probe;
    private long _begunAt;

    /// <summary>Why no write has been taken for a while; null: one has.</summary>
    public async Task<string?> FindOutageAsync(CancellationToken cancellationToken)
    {
        if (database.Damage is string damage)
        {
            return damage;
        }

        if (writes.Health.SinceSuccess < Fresh)
        {
            return null;
        }

        string? cause = null;
        try
        {
            await Begin().WaitAsync(Wait, time, cancellationToken);
            return null;
        }
        catch (StorageException failed)
        {
            cause = failed.Cause;
        }
        catch (TimeoutException)
        {
            // It waits its turn behind a large one, or is tried again and again.
        }

        TimeSpan since = writes.Health.SinceSuccess;
        return database.Damage
            ?? (since < Stale ? null : cause ?? writes.Health.Cause ?? string.Create(CultureInfo.InvariantCulture, $"no write has succeeded for {since.TotalSeconds:0} s"));
    }

    /// <summary>The probe that is on its way; else the last one, if it is young enough; else a new one.</summary>
    private Task Begin()
    {
        lock (_lock)
        {
            if (_probe is null || (_probe.IsCompleted && time.GetElapsedTime(_begunAt) >= Fresh))
            {
                _begunAt = time.GetTimestamp();
                _probe = RunAsync();
            }

            return _probe;
        }
    }

    private async Task RunAsync()
    {
        try
        {
            await writes.WriteAsync(
                new StatementRequest<bool>(async (session, stop) =>
                {
                    await session.TouchAsync(stop);
                    return true;
                }),
                CancellationToken.None);
            await database.ProbeAsync(CancellationToken.None);
        }
        catch (ObjectDisposedException)
        {
            throw new StorageException("The store has been closed.", isTransient: false) { Cause = "the server is stopping" };
        }
    }
}
