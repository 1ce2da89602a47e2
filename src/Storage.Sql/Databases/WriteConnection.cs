using System.Data.Common;
using Executor.Storage.Sql.Rows;

namespace Executor.Storage.Sql.Databases;

/// <summary>The connection that writes, one transaction after the other.</summary>
internal abstract class WriteConnection : IAsyncDisposable
{
    /// <summary>
    /// Number of the last transaction that is known to have been committed, by this session or an earlier one of the same store. A
    /// transaction whose commit was cut short is told by it.
    /// </summary>
    public long LastCommitted { get; protected set; }

    /// <summary>Whether its connection is there, as far as is known.</summary>
    public virtual bool IsUsable => true;

    /// <summary>Begins a transaction.</summary>
    /// <param name="number">Its number: higher than those of all that were committed.</param>
    /// <param name="taskIds">Tasks to lock and read, each once.</param>
    /// <param name="newTasks">Numbers for new tasks that may be taken.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Those of the tasks that are there.</returns>
    public abstract Task<IReadOnlyList<TaskRow>> BeginAsync(
        long number, IReadOnlyCollection<string> taskIds, int newTasks, CancellationToken cancellationToken);

    /// <summary>The number of a new task.</summary>
    public abstract long NextSequence();

    /// <summary>Writes rows, in order.</summary>
    public abstract Task WriteAsync(IReadOnlyList<BulkWrite> writes, CancellationToken cancellationToken);

    /// <summary>Sees to it that the transaction writes something, though nothing has changed.</summary>
    public abstract Task TouchAsync(CancellationToken cancellationToken);

    /// <summary>A command in the transaction.</summary>
    public abstract DbCommand CreateCommand(string sql);

    /// <summary>Writes rows and ends the transaction. Where this throws, it may have been committed all the same.</summary>
    public abstract Task CommitAsync(IReadOnlyList<BulkWrite> writes, CancellationToken cancellationToken);

    /// <summary>Undoes the transaction.</summary>
    public abstract Task RollbackAsync();

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}
