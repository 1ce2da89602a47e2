using Executor.Storage.Sql.Databases;
using Executor.Storage.Sql.Rows;
using Microsoft.Extensions.Logging;

namespace Executor.Storage.Sql.Writing;

/// <summary>
/// Writes requests in one transaction and answers each. While the database is away or busy it tries again; a transaction that fails
/// because of what is in it is split, until only those to blame fail. Used by one loop.
/// </summary>
internal sealed partial class BatchWriter(SqlDatabase database, SqlStoreOptions options, WriteHealth health, TimeProvider time, ILogger logger)
    : IAsyncDisposable
{
    private WriteConnection? _session;
    private long _number;

    /// <summary>Answers every request. Never throws.</summary>
    public async Task WriteAsync(IReadOnlyList<WriteRequest> requests)
    {
        var backoff = new Backoff(time);
        // One number for all tries: by it a try is known whose commit was cut short.
        long number = ++_number;
        while (requests.Count > 0)
        {
            StorageException failure;
            try
            {
                await TryWriteAsync(number, requests);
                health.Succeed();
                LogRecovery(backoff);
                foreach (WriteRequest request in requests)
                {
                    request.Succeed();
                }

                return;
            }
#pragma warning disable CA1031 // At the edge: it becomes the answer of those whose requests are in the transaction.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                failure = exception as StorageException ?? database.Translate(exception);
                health.Fail(failure);
                await UndoAsync(keepsConnection: !database.GivesUpConnections(exception));
            }

            if (failure.IsTransient)
            {
                LogRetry(logger, backoff.Failures, failure.Message);
                requests = FailExpired(requests, failure);
                if (requests.Count > 0)
                {
                    await backoff.WaitAsync(CancellationToken.None);
                }
            }
            else if (requests.Count == 1)
            {
                requests[0].Fail(failure);
                return;
            }
            else
            {
                int half = requests.Count / 2;
                await WriteAsync([.. requests.Take(half)]);
                await WriteAsync([.. requests.Skip(half)]);
                return;
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _session?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task TryWriteAsync(long number, IReadOnlyList<WriteRequest> requests)
    {
        if (_session is { IsUsable: false })
        {
            await DropAsync();
        }

        _session ??= await database.OpenWriterAsync(CancellationToken.None);
        if (_session.LastCommitted >= number)
        {
            // The connection broke during the commit, but that was done. The answers are those worked out then.
            return;
        }

        HashSet<string> taskIds = [.. requests.SelectMany(request => request.TaskIds)];
        var batch = new WriteBatch(
            await _session.BeginAsync(number, taskIds, requests.Sum(request => request.NewTasks), CancellationToken.None),
            time.GetUtcNow(),
            _session.NextSequence);
        foreach (WriteRequest request in requests)
        {
            request.Apply(batch);
        }

        IReadOnlyList<BulkWrite> writes = batch.ToWrites();
        if (requests.Any(request => request.HasStatements))
        {
            await _session.WriteAsync(writes, CancellationToken.None);
            writes = [];
            foreach (WriteRequest request in requests)
            {
                await request.ExecuteAsync(_session, CancellationToken.None);
            }
        }

        await _session.CommitAsync(writes, CancellationToken.None);
    }

    private async Task UndoAsync(bool keepsConnection)
    {
        if (_session is null)
        {
            return;
        }

        if (!keepsConnection)
        {
            await DropAsync();
            return;
        }

        try
        {
            await _session.RollbackAsync();
        }
#pragma warning disable CA1031 // Whatever it is, a fresh connection is the answer.
        catch (Exception)
#pragma warning restore CA1031
        {
            await DropAsync();
        }
    }

    /// <summary>Lets the connection go. What fails at that is no reason to leave anybody without an answer.</summary>
    private async Task DropAsync()
    {
        WriteConnection dropped = _session!;
        _session = null;
        try
        {
            await dropped.DisposeAsync();
        }
#pragma warning disable CA1031 // It is given up whatever it says.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    /// <summary>Answers those that have waited too long with the failure.</summary>
    /// <returns>The others.</returns>
    private List<WriteRequest> FailExpired(IReadOnlyList<WriteRequest> requests, StorageException failure)
    {
        List<WriteRequest> left = [];
        foreach (WriteRequest request in requests)
        {
            if (time.GetElapsedTime(request.Since) < options.RetryFor)
            {
                left.Add(request);
            }
            else
            {
                request.Fail(failure);
            }
        }

        return left;
    }

    private void LogRecovery(Backoff backoff)
    {
        if (backoff.Failures > 0)
        {
            LogRecovered(logger, backoff.Failures);
        }
    }

    [LoggerMessage(EventId = 301, Level = LogLevel.Warning, Message = "[301] Writing to the database failed ({Failures} times before); trying again. {Reason}")]
    private static partial void LogRetry(ILogger logger, int failures, string reason);

    [LoggerMessage(EventId = 302, Level = LogLevel.Information, Message = "[302] Writing to the database works again after {Failures} failures.")]
    private static partial void LogRecovered(ILogger logger, int failures);
}
