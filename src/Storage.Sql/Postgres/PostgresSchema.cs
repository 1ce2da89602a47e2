using System.Data.Common;
using Executor.Storage.Sql.Schema;

namespace Executor.Storage.Sql.Postgres;

/// <summary>Brings the tables in PostgreSQL up to date.</summary>
internal static class PostgresSchema
{
    // Any number that no other program is likely to lock: the letters "executor".
    private const string Begin = "BEGIN; SELECT pg_advisory_xact_lock(7311705455698409330)";

    public static async Task MigrateAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        await new SchemaMigrator("postgres", Begin).MigrateAsync(connection, cancellationToken);
        // Of processes that were killed.
        await using DbCommand command = connection.CreateCommand("DELETE FROM store_writers WHERE updated_at < now() - interval '7 days'");
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
