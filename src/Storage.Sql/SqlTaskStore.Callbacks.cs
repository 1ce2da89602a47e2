using System.Data.Common;
using Executor.Storage.Sql.Databases;
using Executor.Storage.Sql.Rows;
using Executor.Storage.Sql.Writing;

namespace Executor.Storage.Sql;

internal sealed partial class SqlTaskStore
{
    // From one host to the next by the index, however many callbacks there are of each.
    private const string HostsSql =
        """
        WITH RECURSIVE hosts (host, number) AS (
          SELECT min(host), 1 FROM callbacks WHERE state = 'WAITING' AND host > @after
          UNION ALL
          SELECT (SELECT min(c.host) FROM callbacks c WHERE c.state = 'WAITING' AND c.host > hosts.host), number + 1
          FROM hosts WHERE hosts.host IS NOT NULL AND number < @limit
        )
        SELECT host FROM hosts WHERE host IS NOT NULL
        """;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> ListCallbackHostsAsync(string? after, int limit, CancellationToken cancellationToken)
    {
        StoreLimits.CheckPage(limit);
        return await ReadAllAsync(
            HostsSql, command => command.With("after", StoredText.Encode(after ?? "")).With("limit", limit), reader => reader.Text(0), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CallbackRecord>> ReadWaitingCallbacksAsync(string host, int limit, CancellationToken cancellationToken)
    {
        StoreLimits.CheckPage(limit);
        return await ReadAllAsync(
            $"SELECT {CallbackTable.Columns} FROM callbacks WHERE state = 'WAITING' AND host = @host ORDER BY next_time_ms, seq LIMIT @limit",
            command => command.With("host", StoredText.Encode(host)).With("limit", limit),
            CallbackTable.Read,
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task SettleCallbackAsync(CallbackOutcome outcome, CancellationToken cancellationToken) => _writes.WriteAsync(
        new StatementRequest<int>(async (session, stop) =>
        {
            await using DbCommand command = Settle(session, outcome).With("seq", outcome.Sequence);
            return await command.ExecuteNonQueryAsync(stop);
        }),
        cancellationToken);

    /// <inheritdoc/>
    public async Task<CallbackPage> ListCallbacksAsync(CallbackState? state, int limit, long? after, CancellationToken cancellationToken)
    {
        StoreLimits.CheckPage(limit);
        string only = state is CallbackState given ? $" AND state = '{CallbackTable.Of(given)}'" : "";
        // One more tells whether there is a next page.
        List<CallbackRecord> rows = await ReadAllAsync(
            $"SELECT {CallbackTable.Columns} FROM callbacks WHERE seq < @after{only} ORDER BY seq DESC LIMIT @limit",
            command => command.With("after", after ?? long.MaxValue).With("limit", limit + 1),
            CallbackTable.Read,
            cancellationToken);
        return new CallbackPage([.. rows.Take(limit)], rows.Count > limit ? rows[limit - 1].Sequence : null);
    }

    /// <inheritdoc/>
    public async Task<CallbackCounts> CountCallbacksAsync(CancellationToken cancellationToken) => (await ReadAllAsync(
        "SELECT (SELECT count(*) FROM callbacks WHERE state = 'WAITING'), (SELECT count(*) FROM callbacks WHERE state = 'DEAD')",
        command => command,
        reader => new CallbackCounts(reader.GetInt64(0), reader.GetInt64(1)),
        cancellationToken))[0];

    private static DbCommand Settle(WriteConnection session, CallbackOutcome outcome) => outcome switch
    {
        CallbackPutOff putOff => session
            .CreateCommand("UPDATE callbacks SET attempts = @attempts, next_time_ms = @next, error = @error WHERE seq = @seq AND state = 'WAITING'")
            .With("attempts", putOff.Attempts)
            .With("next", putOff.NextAt.ToUnixTimeMilliseconds())
            .With("error", StoredText.Encode(putOff.Error)),
        CallbackGivenUp givenUp => session
            .CreateCommand("UPDATE callbacks SET state = 'DEAD', attempts = @attempts, next_time_ms = @next, error = @error WHERE seq = @seq AND state = 'WAITING'")
            .With("attempts", givenUp.Attempts)
            .With("next", givenUp.At.ToUnixTimeMilliseconds())
            .With("error", StoredText.Encode(givenUp.Error)),
        _ => session.CreateCommand("DELETE FROM callbacks WHERE seq = @seq AND state = 'WAITING'"),
    };
}
