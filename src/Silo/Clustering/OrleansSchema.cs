using Executor.Storage;
using Npgsql;

namespace Executor.Silo.Clustering;

/// <summary>Makes Orleans' tables and queries in PostgreSQL, or brings them up to date.</summary>
internal static class OrleansSchema
{
    // Any number that no other program is likely to lock: the letters "orleans".
    private const string Lock = "SELECT pg_advisory_xact_lock(31366018163567219)";

    /// <exception cref="StorageException">The database can't be reached, or refused.</exception>
    public static async Task PrepareAsync(string connectionString, CancellationToken cancellationToken)
    {
        try
        {
            await using NpgsqlConnection connection = new(connectionString);
            await connection.OpenAsync(cancellationToken);
            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
            await ExecuteAsync(connection, Lock, cancellationToken);
            await ExecuteAsync(connection, Script(), cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        catch (Exception failed) when (failed is NpgsqlException or ArgumentException or TimeoutException)
        {
            throw new StorageException($"PostgreSQL could not be used for the cluster: {failed.Message}", isTransient: failed is NpgsqlException { IsTransient: true }, failed);
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
#pragma warning disable CA2100 // Our own constants; nothing a caller gives is in them.
        await using NpgsqlCommand command = new(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string Script()
    {
        using StreamReader reader = new(typeof(OrleansSchema).Assembly.GetManifestResourceStream("orleans.sql")!);
        return reader.ReadToEnd();
    }
}
