using Npgsql;

namespace Executor.Storage.Sql.Postgres;

/// <summary>Connections to one database: for reading, for writing, and one that is nothing but a sign of life.</summary>
internal sealed record PostgresSources(NpgsqlDataSource Reader, NpgsqlDataSource Writer, NpgsqlDataSource Holder) : IAsyncDisposable
{
    // The writer has some twenty statements. Prepared they take half the time, which is what a caller that is alone waits.
    private const int WriterStatements = 50;

    /// <param name="connectionString">The server and the database.</param>
    /// <param name="schema">Where the tables are; null: where the connection looks for them.</param>
    /// <param name="maxReaders">Most connections for reading.</param>
    /// <exception cref="StorageException">The string can't be read.</exception>
    public static PostgresSources Of(string connectionString, string? schema, int maxReaders)
    {
        NpgsqlConnectionStringBuilder settings = PostgresPool.Bound(connectionString, maxReaders);
        settings.SearchPath = schema ?? settings.SearchPath;
        // Not pooled: there is one, and a pool would first roll back what it takes back, which may be what has just failed.
        NpgsqlConnectionStringBuilder writing = new(settings.ConnectionString) { Pooling = false };
        // A pooler between us and the server may not bear prepared statements; then the string says Max Auto Prepare=0.
        if (!PostgresPool.Says(connectionString, "MaxAutoPrepare"))
        {
            writing.MaxAutoPrepare = WriterStatements;
            writing.AutoPrepareMinUsages = 2;
        }

        NpgsqlConnectionStringBuilder holding = new(settings.ConnectionString) { Pooling = false };
        return new PostgresSources(NpgsqlDataSource.Create(settings), NpgsqlDataSource.Create(writing), NpgsqlDataSource.Create(holding));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Reader.DisposeAsync();
        await Writer.DisposeAsync();
        await Holder.DisposeAsync();
    }
}
