using System.Data.Common;
using System.Runtime.CompilerServices;
using Executor.Storage.Sql.Databases;
using Executor.Storage.Sql.Reading;
using Executor.Storage.Sql.Rows;
using Executor.Storage.Sql.Writing;
using Executor.Tasks;
using Microsoft.Extensions.Logging;

namespace Executor.Storage.Sql;

/// <summary>Keeps tasks in a database. This file reads; the others write.</summary>
internal sealed partial class SqlTaskStore : ITaskStore
{
    private readonly SqlDatabase _database;
    private readonly SqlStoreOptions _options;
    private readonly TimeProvider _time;
    private readonly WriteQueue _writes;
    private readonly RunningMarks _marks;
    private readonly WriteProbe _probe;
    private bool _isDisposed;

    public SqlTaskStore(SqlDatabase database, SqlStoreOptions options, TimeProvider time, ILogger logger)
    {
        _database = database;
        _options = options;
        _time = time;
        _writes = new WriteQueue(database, options, time, logger);
        _marks = new RunningMarks(_writes, options, time, logger);
        _probe = new WriteProbe(database, _writes, time);
    }

    /// <inheritdoc/>
    public Task<StoredTask?> GetAsync(string taskId, CancellationToken cancellationToken) => ReadOneAsync(
        $"SELECT {TaskTable.RecordColumns}, (SELECT spec FROM task_specs s WHERE s.seq = tasks.seq) FROM tasks WHERE task_id = @task_id",
        command => command.With("task_id", StoredText.Encode(taskId)),
        reader => new StoredTask(TaskTable.ReadRecord(reader), SpecJson.Read(reader.GetString(TaskTable.RecordColumnCount))),
        cancellationToken);

    /// <inheritdoc/>
    public Task<TaskResult?> GetResultAsync(string taskId, CancellationToken cancellationToken) => ReadOneAsync(
        $"SELECT {ResultTable.Columns} FROM tasks t JOIN code_execution_results r ON r.id = t.result_id WHERE t.task_id = @task_id",
        command => command.With("task_id", StoredText.Encode(taskId)),
        ResultTable.Read,
        cancellationToken);

    /// <inheritdoc/>
    public Task<TaskResult?> FindCachedAsync(ContentHash work, DateTimeOffset since, CancellationToken cancellationToken) => ReadOneAsync(
        $"SELECT {ResultTable.Columns} FROM tasks t JOIN code_execution_results r ON r.id = t.result_id "
        + "WHERE t.cache_key = @work AND t.end_time_ms >= @since AND t.status = 'COMPLETED' AND NOT t.cached "
        + "ORDER BY t.end_time_ms DESC, t.seq DESC LIMIT 1",
        command => command.With("work", work.ToBytes()).With("since", since.ToUnixTimeMilliseconds()),
        ResultTable.Read,
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, TaskSpec>> GetSpecsAsync(IReadOnlyCollection<string> taskIds, CancellationToken cancellationToken) =>
        ReadManyAsync("t.task_id, s.spec FROM tasks t JOIN task_specs s ON s.seq = t.seq", taskIds, reader => SpecJson.Read(reader.GetString(1)), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, TaskState>> GetStatesAsync(IReadOnlyCollection<string> taskIds, CancellationToken cancellationToken) =>
        ReadManyAsync($"t.task_id, {StateColumns.Names} FROM tasks t", taskIds, reader => StateColumns.Read(reader, 1), cancellationToken);
    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<ExecutionStatus, long>> CountAsync(CancellationToken cancellationToken)
    {
        Dictionary<ExecutionStatus, long> counts = Enum.GetValues<ExecutionStatus>().ToDictionary(status => status, _ => 0L);
        foreach ((ExecutionStatus status, long count) in await ReadAllAsync(
            "SELECT status, count(*) FROM tasks GROUP BY status",
            command => command,
            reader => (Words.Status(reader.GetString(0)), reader.GetInt64(1)),
            cancellationToken))
        {
            counts[status] = count;
        }

        return counts;
    }

    /// <inheritdoc/>
    public Task<TaskPage> ListAsync(TaskFilter filter, int limit, TaskCursor? after, CancellationToken cancellationToken)
    {
        StoreLimits.CheckPage(limit);
        return TaskList.ReadPageAsync(_database, filter, limit, after, cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<TaskRecord> ReadOpenAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        OpenPlace? place = null;
        do
        {
            (IReadOnlyList<TaskRecord> page, place) = await OpenTasks.ReadPageAsync(_database, place, _options.MaxBatch, cancellationToken);
            foreach (TaskRecord record in page)
            {
                yield return record;
            }
        }
        while (place is not null);
    }

    /// <inheritdoc/>
    public Task<string?> FindOutageAsync(CancellationToken cancellationToken) => _probe.FindOutageAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }

        await _marks.DisposeAsync();
        await _writes.DisposeAsync();
        await _database.DisposeAsync();
    }

    /// <summary>Reads something of each of many tasks.</summary>
    /// <param name="select">The columns, the first of which is the id, and where they are; <c>tasks</c> is <c>t</c>.</param>
    /// <param name="taskIds">The tasks.</param>
    /// <param name="read">Takes the other columns.</param>
    /// <param name="cancellationToken">Stops it.</param>
    private async Task<IReadOnlyDictionary<string, T>> ReadManyAsync<T>(
        string select, IReadOnlyCollection<string> taskIds, Func<DbDataReader, T> read, CancellationToken cancellationToken)
    {
        Dictionary<string, T> found = [];
        foreach (string[] some in taskIds.Distinct().Chunk(_options.MaxBatch))
        {
            await _database.ReadAsync(
                async (connection, stop) =>
                {
                    await using DbCommand command = connection.CreateCommand("");
                    string condition = _database.IsOneOf("t.task_id", [.. some.Select(StoredText.Encode)], command);
#pragma warning disable CA2100 // Columns and condition are our own; the ids are in a parameter.
                    command.CommandText = $"SELECT {select} WHERE {condition}";
#pragma warning restore CA2100
                    foreach ((string taskId, T value) in await command.ReadAllAsync(reader => (reader.Text(0), read(reader)), stop))
                    {
                        found[taskId] = value;
                    }

                    return found;
                },
                cancellationToken);
        }

        return found;
    }

    private async Task<T?> ReadOneAsync<T>(
        string sql, Func<DbCommand, DbCommand> parameters, Func<DbDataReader, T> read, CancellationToken cancellationToken)
        where T : class =>
        (await ReadAllAsync(sql, parameters, read, cancellationToken)).FirstOrDefault();

    private Task<List<T>> ReadAllAsync<T>(
        string sql, Func<DbCommand, DbCommand> parameters, Func<DbDataReader, T> read, CancellationToken cancellationToken) =>
        _database.ReadAsync(
            async (connection, stop) =>
            {
                await using DbCommand command = parameters(connection.CreateCommand(sql));
                return await command.ReadAllAsync(read, stop);
            },
            cancellationToken);
}
