using System.Threading.Channels;
using Executor.Storage.Sql.Databases;
using Microsoft.Extensions.Logging;

namespace Executor.Storage.Sql.Writing;

/// <summary>
/// Lets callers wait while one loop writes: those that come while a transaction is in flight share the next. When there is no room
/// callers wait for it. A transaction that fails because of what is in it is split until only those to blame fail.
/// </summary>
internal sealed class WriteQueue : IAsyncDisposable
{
    private readonly Channel<WriteRequest> _waiting;
    private readonly BatchWriter _writer;
    private readonly SqlStoreOptions _options;
    private readonly TimeProvider _time;
    private readonly Task _loop;

    public WriteQueue(SqlDatabase database, SqlStoreOptions options, TimeProvider time, ILogger logger)
    {
        Health = new WriteHealth(time);
        _options = options;
        _time = time;
        _writer = new BatchWriter(database, options, Health, time, logger);
        _waiting = Channel.CreateBounded<WriteRequest>(new BoundedChannelOptions(options.MaxWaitingWrites)
        {
            FullMode = BoundedChannelFullMode.Wait,
            SingleReader = true,
        });
        _loop = Task.Run(RunAsync);
    }

    /// <summary>How the last writes went.</summary>
    public WriteHealth Health { get; }

    /// <summary>Waits for room and then for the answer.</summary>
    public async Task<TOutcome> WriteAsync<TOutcome>(WriteRequest<TOutcome> request, CancellationToken cancellationToken)
    {
        request.Since = _time.GetTimestamp();
        try
        {
            await _waiting.Writer.WriteAsync(request, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(ITaskStore), "The store has been closed.");
        }

        return await request.WaitAsync(cancellationToken);
    }

    /// <summary>Writes what has come, and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _loop;
        await _writer.DisposeAsync();
    }

    private async Task RunAsync()
    {
        List<WriteRequest> batch = [];
        while (await _waiting.Reader.WaitToReadAsync())
        {
            Take(batch);
            if (batch.Count > 0)
            {
                await _writer.WriteAsync(batch);
            }
        }
    }

    private void Take(List<WriteRequest> batch)
    {
        batch.Clear();
        int weight = 0;
        long characters = 0;
        while (weight < _options.MaxBatch && characters < _options.MaxBatchCharacters && _waiting.Reader.TryRead(out WriteRequest? request))
        {
            if (!request.IsAbandoned)
            {
                batch.Add(request);
                weight += request.Weight;
                characters += request.Characters;
            }
        }
    }
}
