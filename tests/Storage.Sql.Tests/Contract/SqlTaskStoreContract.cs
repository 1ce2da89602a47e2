using Microsoft.Extensions.Logging.Abstractions;

namespace Executor.Storage.Sql.Tests.Contract;

/// <summary>What every store in a database must do besides.</summary>
public abstract partial class SqlTaskStoreContract : TaskStoreContract
{
    /// <summary>Small pages and steps, so that a few hundred tasks need many of them.</summary>
    protected static SqlStoreOptions Options { get; } = new() { OutputLimit = OutputLimit, MaxBatch = 64 };

    /// <summary>The database of this test, by its file or connection string.</summary>
    protected abstract string Target { get; }

    protected override Task<ITaskStore> OpenAsync() => OpenAsync(Options);

    protected Task<ITaskStore> OpenAsync(SqlStoreOptions options) => OpenAsync(options, Time);

    protected abstract Task<ITaskStore> OpenAsync(SqlStoreOptions options, TimeProvider time);

    protected static NullLogger Logger => NullLogger.Instance;
}
