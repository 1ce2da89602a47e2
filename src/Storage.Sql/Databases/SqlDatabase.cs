using System.Data.Common;

namespace Executor.Storage.Sql.Databases;

/// <summary>What SQLite and PostgreSQL do differently.</summary>
internal abstract class SqlDatabase : IAsyncDisposable
{
    /// <summary>Opens the connection that writes.</summary>
    public abstract Task<WriteConnection> OpenWriterAsync(CancellationToken cancellationToken);

    /// <summary>Reads, on a connection of its own. Repeated while the database is away or busy.</summary>
    /// <exception cref="StorageException">It failed.</exception>
    public abstract Task<T> ReadAsync<T>(Func<DbConnection, CancellationToken, Task<T>> read, CancellationToken cancellationToken);

    /// <summary>A condition that a column has one of the texts, for which it adds a parameter.</summary>
    public abstract string IsOneOf(string column, IReadOnlyCollection<string> texts, DbCommand command);

    /// <summary>Our own exception for one of the database's.</summary>
    public abstract StorageException Translate(Exception exception);

    /// <summary>Lets go of the connections in stock when a failure may be theirs: they lead to the wrong server, say.</summary>
    /// <returns>Whether the connection that failed is to be closed, too.</returns>
    public virtual bool GivesUpConnections(Exception exception) => false;

    /// <summary>What is wrong with it that a write need not meet; null: nothing is known. In a few words, see <see cref="StorageException.Cause"/>.</summary>
    public virtual string? Damage => null;

    /// <summary>Reads something as if for the first time: from what is there now, not from what this process remembers.</summary>
    /// <exception cref="StorageException">It failed.</exception>
    public abstract Task ProbeAsync(CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}
