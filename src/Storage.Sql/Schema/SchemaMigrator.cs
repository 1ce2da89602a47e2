using System.Data.Common;
using System.Globalization;
using Executor.Storage.Sql.Databases;

namespace Executor.Storage.Sql.Schema;

/// <summary>Makes the tables, or brings those of an earlier version up to date.</summary>
/// <param name="dialect">First part of the scripts' names: <c>sqlite</c> or <c>postgres</c>.</param>
/// <param name="begin">SQL that begins a transaction in which no other process migrates.</param>
internal sealed class SchemaMigrator(string dialect, string begin)
{
    /// <summary>The version this program works with. There is a script for each from 1.</summary>
    public const int Version = 3;

    /// <summary>Migrates, in one transaction. Where it throws, the connection is in the middle of it and to be closed.</summary>
    /// <exception cref="StorageException">The tables are of a newer program.</exception>
    public async Task MigrateAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        await ExecuteAsync(connection, begin, cancellationToken);
        int found = await ReadVersionAsync(connection, cancellationToken);
        if (found > Version)
        {
            throw new StorageException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The database has tables of version {found}; this program works with version {Version}. Use the program that wrote it, or a newer one."),
                isTransient: false);
        }

        for (int version = found + 1; version <= Version; version++)
        {
            await ExecuteAsync(connection, Script(version), cancellationToken);
            await using DbCommand note = connection
                .CreateCommand("INSERT INTO schema_version (version) VALUES (@version)")
                .With("version", version);
            await note.ExecuteNonQueryAsync(cancellationToken);
        }

        await ExecuteAsync(connection, "COMMIT", cancellationToken);
    }

    private static async Task<int> ReadVersionAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        await ExecuteAsync(
            connection,
            "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY, applied_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP)",
            cancellationToken);
        await using DbCommand command = connection.CreateCommand("SELECT coalesce(max(version), 0) FROM schema_version");
        return Convert.ToInt32(await command.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture);
    }

    private static async Task ExecuteAsync(DbConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using DbCommand command = connection.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private string Script(int version)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{dialect}.{version}.sql");
        using StreamReader reader = new(typeof(SchemaMigrator).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
