using System.Collections.Concurrent;
using Executor.Executors.Conversation;

namespace Executor.Api.Executors.Connect;

/// <summary>The connections of executors by id. One that broke is remembered for its successor, which goes on where it stopped.</summary>
internal sealed class ConnectedExecutors(TimeProvider time)
{
    /// <summary>Longer than any lease: what was held has gone elsewhere by then.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<string, ConnectedExecutor> _sessions = new(StringComparer.Ordinal);

    /// <summary>Puts a connection in the place of an earlier one of its executor, which is closed and says nothing any more.</summary>
    /// <returns>What the earlier one held; null: there was none.</returns>
    public async Task<HeldAttempts?> EnterAsync(ConnectedExecutor session)
    {
        Forget();
        ConnectedExecutor? earlier = null;
        _sessions.AddOrUpdate(session.ExecutorId, session, (_, found) =>
        {
            earlier = found;
            return session;
        });
        return earlier is null ? null : await earlier.ReplaceAsync();
    }

    /// <summary>Forgets a connection that was never registered or whose executor left.</summary>
    public void Remove(ConnectedExecutor session) => _sessions.TryRemove(KeyValuePair.Create(session.ExecutorId, session));

    private void Forget()
    {
        foreach (ConnectedExecutor session in _sessions.Values)
        {
            if (session.EndedAt is DateTimeOffset ended && time.GetUtcNow() - ended > Memory)
            {
                Remove(session);
            }
        }
    }
}
