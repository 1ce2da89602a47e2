using System.Data.Common;
using Executor.Storage.Sql.Databases;
using Executor.Storage.Sql.Rows;

namespace Executor.Storage.Sql.Tests.Writing;

/// <summary>A database with nothing in it whose commits go as a test says.</summary>
internal sealed class FakeDatabase(Func<FakeTransaction, Task> commit) : SqlDatabase
{
    /// <summary>Transactions that began, in order.</summary>
    public List<FakeTransaction> Transactions { get; } = [];

    /// <summary>Whether a connection fails even at its end.</summary>
    public bool FailsAtTheEnd { get; init; }

    /// <summary>What a new connection finds to have been the last one committed.</summary>
    public long LastCommitted { get; set; }

    public override Task<WriteConnection> OpenWriterAsync(CancellationToken cancellationToken) =>
        Task.FromResult<WriteConnection>(new Session(this, commit, LastCommitted));

    public override Task<T> ReadAsync<T>(Func<DbConnection, CancellationToken, Task<T>> read, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public override string IsOneOf(string column, IReadOnlyCollection<string> texts, DbCommand command) => throw new NotSupportedException();

    public override StorageException Translate(Exception exception) => new(exception.Message, isTransient: exception is TimeoutException, exception);

    public override Task ProbeAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Session : WriteConnection
    {
        private readonly FakeDatabase _database;
        private readonly Func<FakeTransaction, Task> _commit;

        public Session(FakeDatabase database, Func<FakeTransaction, Task> commit, long lastCommitted)
        {
            _database = database;
            _commit = commit;
            LastCommitted = lastCommitted;
        }

        public override Task<IReadOnlyList<TaskRow>> BeginAsync(
            long number, IReadOnlyCollection<string> taskIds, int newTasks, CancellationToken cancellationToken)
        {
            _database.Transactions.Add(new FakeTransaction(number, _database.Transactions.Count, [.. taskIds]));
            return Task.FromResult<IReadOnlyList<TaskRow>>([]);
        }

        public override long NextSequence() => 1;

        public override Task WriteAsync(IReadOnlyList<BulkWrite> writes, CancellationToken cancellationToken) => Task.CompletedTask;

        public override Task TouchAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public override DbCommand CreateCommand(string sql) => throw new NotSupportedException();

        public override async Task CommitAsync(IReadOnlyList<BulkWrite> writes, CancellationToken cancellationToken)
        {
            FakeTransaction transaction = _database.Transactions[^1];
            await _commit(transaction);
            LastCommitted = transaction.Number;
        }

        public override Task RollbackAsync() => throw new InvalidOperationException("The connection broke.");

        public override ValueTask DisposeAsync() =>
            _database.FailsAtTheEnd ? ValueTask.FromException(new InvalidOperationException("The connection can't even be closed.")) : ValueTask.CompletedTask;
    }
}

/// <param name="Number">Its number.</param>
/// <param name="Index">How many began before it.</param>
/// <param name="TaskIds">The tasks it is about.</param>
internal sealed record FakeTransaction(long Number, int Index, IReadOnlyList<string> TaskIds);
