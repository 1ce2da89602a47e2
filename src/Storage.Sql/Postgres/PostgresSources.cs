using System.Data.Common;
using Npgsql;

namespace Executor.Storage.Sql.Postgres;

/// <summary>Connections to one database: for reading, for writing, and one that is nothing but a sign of life.</summary>
internal sealed record PostgresSources(NpgsqlDataSource Reader, NpgsqlDataSource Writer, NpgsqlDataSource Holder) : IAsyncDisposable
{
    // The writer has some twenty statements. Prepared they take half the time, which is what a caller that is alone waits.
    private const int WriterStatements = 50;

    // A server has a hundred connections for all who use it, several silos among them.
    private const int MostReaders = 16;

    // How long it is believed which of several servers is the primary: as long as nobody can write after a failover.
    private const int PrimarySeconds = 2;

    /// <param name="connectionString">The server and the database.</param>
    /// <param name="schema">Where the tables are; null: where the connection looks for them.</param>
    /// <exception cref="StorageException">The string can't be read.</exception>
    public static PostgresSources Of(string connectionString, string? schema)
    {
        try
        {
            NpgsqlConnectionStringBuilder settings = new(connectionString);
            settings.ApplicationName ??= "executor";
            settings.SearchPath = schema ?? settings.SearchPath;
            if (!Says(connectionString, "MaxPoolSize", "MaximumPoolSize"))
            {
                settings.MaxPoolSize = MostReaders;
            }

            if (!Says(connectionString, "HostRecheckSeconds"))
            {
                settings.HostRecheckSeconds = PrimarySeconds;
            }

            // Not pooled: there is one, and a pool would first roll back what it takes back, which may be what has just failed.
            NpgsqlConnectionStringBuilder writing = new(settings.ConnectionString) { Pooling = false };
            // A pooler between us and the server may not bear prepared statements; then the string says Max Auto Prepare=0.
            if (!Says(connectionString, "MaxAutoPrepare"))
            {
                writing.MaxAutoPrepare = WriterStatements;
                writing.AutoPrepareMinUsages = 2;
            }

            NpgsqlConnectionStringBuilder holding = new(settings.ConnectionString) { Pooling = false };
            return new PostgresSources(NpgsqlDataSource.Create(settings), NpgsqlDataSource.Create(writing), NpgsqlDataSource.Create(holding));
        }
        catch (ArgumentException exception)
        {
            // Its message may quote the string, which holds a password.
            throw new StorageException(
                "The PostgreSQL connection string can't be read; it has the form Host=db;Port=5432;Database=executor;Username=u;Password=p.",
                isTransient: false,
                exception);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Reader.DisposeAsync();
        await Writer.DisposeAsync();
        await Holder.DisposeAsync();
    }

    private static bool Says(string connectionString, params ReadOnlySpan<string> names)
    {
        foreach (string key in new DbConnectionStringBuilder { ConnectionString = connectionString }.Keys)
        {
            if (names.Contains(key.Replace(" ", "", StringComparison.Ordinal), StringComparer.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
