using System.Data.Common;
using Executor.Storage.Sql.Databases;
using Npgsql;

namespace Executor.Storage.Sql.Postgres;

/// <summary>The numbers of <see cref="WriterClaim"/>s in PostgreSQL.</summary>
internal static class PostgresClaims
{
    private const string MakeSql =
        """
        INSERT INTO writer_claims AS c (name, epoch) VALUES (@name, 1)
        ON CONFLICT (name) DO UPDATE SET epoch = c.epoch + 1, claimed_at = now() RETURNING c.epoch
        """;

    /// <summary>Takes the right over, once the transactions of whoever had it have ended.</summary>
    public static async Task MakeAsync(
        WriterClaim claim, DbConnection connection, Func<CancellationToken, Task> check, CancellationToken cancellationToken)
    {
        await using DbCommand command = connection.CreateCommand(MakeSql).With("name", claim.Name);
        claim.Make((long)(await command.ExecuteScalarAsync(cancellationToken))!, check);
    }

    /// <summary>Looks whether the right has been taken over.</summary>
    /// <returns>Whether it still holds.</returns>
    public static async Task<bool> CheckAsync(WriterClaim claim, DbConnection connection, CancellationToken cancellationToken)
    {
        await using DbCommand command = connection.CreateCommand("SELECT epoch FROM writer_claims WHERE name = @name").With("name", claim.Name);
        bool holds = claim.Epoch == (long?)await command.ExecuteScalarAsync(cancellationToken);
        if (!holds)
        {
            claim.Lose();
        }

        return holds;
    }

    /// <summary>Reads the number and keeps it from changing during the transaction; without a claim, reads nothing.</summary>
    public static NpgsqlBatchCommand Hold(WriterClaim? claim) => claim is null
        ? PostgresBulk.Command("SELECT 0::BIGINT WHERE FALSE")
        : PostgresBulk.Command("SELECT epoch FROM writer_claims WHERE name = $1 FOR SHARE", claim.Name);

    /// <summary>Requires what <see cref="Hold"/> read to be the claim's own number.</summary>
    /// <exception cref="StorageException">Another has taken the right over.</exception>
    public static async Task RequireAsync(WriterClaim? claim, NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        if (claim is not null && !(await reader.ReadAsync(cancellationToken) && reader.GetInt64(0) == claim.Epoch))
        {
            claim.Lose();
            throw new StorageException($"Another process has taken over '{claim.Name}': nothing more is written here.", isTransient: false)
            {
                Cause = "another server has taken over the database",
            };
        }
    }
}
