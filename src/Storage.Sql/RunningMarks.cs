using System.Collections.Concurrent;
using Executor.Storage.Sql.Databases;
using Executor.Storage.Sql.Writing;
using Microsoft.Extensions.Logging;

namespace Executor.Storage.Sql;

/// <summary>Attempts that run and are not noted yet: noted once in a while, so that those that are over sooner cost no write.</summary>
internal sealed partial class RunningMarks : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, TaskStart> _starts = new();
    private readonly PeriodicTimer _timer;
    private readonly WriteQueue _writes;
    private readonly int _piece;
    private readonly ILogger _logger;
    private readonly Task _loop;

    public RunningMarks(WriteQueue writes, SqlStoreOptions options, TimeProvider time, ILogger logger)
    {
        _writes = writes;
        _piece = options.MaxBatch;
        _logger = logger;
        _timer = new PeriodicTimer(options.RunningMarkInterval, time);
        _loop = Task.Run(RunAsync);
    }

    public void Add(TaskStart start) => _starts[start.TaskId] = start;

    public void Remove(string taskId) => _starts.TryRemove(taskId, out _);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await _loop;
    }

    private async Task RunAsync()
    {
        while (await _timer.WaitForNextTickAsync())
        {
            foreach (KeyValuePair<string, TaskStart>[] starts in _starts.ToArray().Chunk(_piece))
            {
                try
                {
                    await _writes.WriteAsync(new RunningRequest([.. starts.Select(start => start.Value)]), CancellationToken.None);
                }
                catch (StorageException exception)
                {
                    LogNotNoted(_logger, starts.Length, exception.Message);
                }

                foreach (KeyValuePair<string, TaskStart> start in starts)
                {
                    _starts.TryRemove(start);
                }
            }
        }
    }

    [LoggerMessage(EventId = 303, Level = LogLevel.Warning, Message = "[303] {Count} running tasks could not be noted as RUNNING. {Reason}")]
    private static partial void LogNotNoted(ILogger logger, int count, string reason);
}
