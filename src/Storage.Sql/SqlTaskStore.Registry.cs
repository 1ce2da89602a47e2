using System.Data.Common;
using Executor.Storage.Sql.Databases;
using Executor.Storage.Sql.Rows;
using Executor.Storage.Sql.Writing;

namespace Executor.Storage.Sql;

internal sealed partial class SqlTaskStore
{
    /// <inheritdoc/>
    public Task SaveExecutorAsync(ExecutorRecord executor, CancellationToken cancellationToken) =>
        SaveAsync(RegistryTables.Upsert(executor), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> RemoveExecutorAsync(string executorId, CancellationToken cancellationToken) => _writes.WriteAsync(
        new StatementRequest<bool>(async (session, stop) =>
        {
            await using DbCommand command = session
                .CreateCommand("DELETE FROM executors WHERE executor_id = @executor_id")
                .With("executor_id", StoredText.Encode(executorId));
            return await command.ExecuteNonQueryAsync(stop) > 0;
        }),
        cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ExecutorRecord>> ListExecutorsAsync(CancellationToken cancellationToken) => await ReadAllAsync(
        $"SELECT {RegistryTables.ExecutorColumns} FROM executors ORDER BY executor_id",
        command => command,
        RegistryTables.ReadExecutor,
        cancellationToken);

    /// <inheritdoc/>
    public Task SaveJobAsync(JobRecord job, CancellationToken cancellationToken) => SaveAsync(RegistryTables.Upsert(job), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> AppendJobLogAsync(string jobId, string text, CancellationToken cancellationToken)
    {
        string key = StoredText.Encode(jobId);
        return _writes.WriteAsync(
            new StatementRequest<bool>(async (session, stop) =>
            {
                await using DbCommand find = session.CreateCommand("SELECT log_length FROM jobs WHERE job_id = @job_id").With("job_id", key);
                if (await find.ExecuteScalarAsync(stop) is not long length)
                {
                    return false;
                }

                string addition = _options.OutputLimit.CutAddition(length, text);
                await using DbCommand append = session
                    .CreateCommand("UPDATE jobs SET log = log || @addition, log_length = log_length + @length WHERE job_id = @job_id")
                    .With("addition", StoredText.Encode(addition))
                    .With("length", (long)addition.Length)
                    .With("job_id", key);
                await append.ExecuteNonQueryAsync(stop);
                return true;
            }),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<JobRecord?> GetJobAsync(string jobId, CancellationToken cancellationToken) => ReadOneAsync(
        $"SELECT {RegistryTables.JobColumns} FROM jobs WHERE job_id = @job_id",
        command => command.With("job_id", StoredText.Encode(jobId)),
        RegistryTables.ReadJob,
        cancellationToken);

    /// <inheritdoc/>
    public Task<string?> GetJobLogAsync(string jobId, CancellationToken cancellationToken) => ReadOneAsync(
        "SELECT log FROM jobs WHERE job_id = @job_id",
        command => command.With("job_id", StoredText.Encode(jobId)),
        reader => reader.Text(0),
        cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<JobRecord>> ListJobsAsync(int limit, CancellationToken cancellationToken)
    {
        StoreLimits.CheckPage(limit);
        return await ReadAllAsync(
            $"SELECT {RegistryTables.JobColumns} FROM jobs ORDER BY create_time_ms DESC, job_id DESC LIMIT @limit",
            command => command.With("limit", limit),
            RegistryTables.ReadJob,
            cancellationToken);
    }

    private Task<bool> SaveAsync(BulkWrite write, CancellationToken cancellationToken) => _writes.WriteAsync(
        new StatementRequest<bool>(async (session, stop) =>
        {
            await session.WriteAsync([write], stop);
            return true;
        }),
        cancellationToken);
}
