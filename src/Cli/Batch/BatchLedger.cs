using Executor.Tasks;

namespace Executor.Cli.Batch;

/// <summary>Keeps account of a batch: writes each result, counts it, and knows which tasks have theirs already. Thread-safe.</summary>
internal sealed class BatchLedger : IDisposable
{
    private const int MostInHand = 16;

    private readonly ResultsWriter _results;
    private readonly IReadOnlyDictionary<string, bool> _ended;
    private readonly BatchProgress _progress;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop;
    private readonly WriteBacklog _backlog = new(MostInHand);
    private IOException? _failure;

    /// <param name="results">Takes the results.</param>
    /// <param name="ended">Tasks to leave out, by id, and whether they ended with success.</param>
    /// <param name="progress">Told of every task's end.</param>
    /// <param name="time">The clock.</param>
    /// <param name="interruption">Stops the batch.</param>
    public BatchLedger(
        ResultsWriter results, IReadOnlyDictionary<string, bool> ended, BatchProgress progress, TimeProvider time, CancellationToken interruption)
    {
        (_results, _ended, _progress, _time) = (results, ended, progress, time);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(interruption);
        Stop = _stop.Token;
    }

    /// <summary>Cancelled when the batch is interrupted, or a result could not be written.</summary>
    public CancellationToken Stop { get; }

    /// <summary>How far the batch is.</summary>
    public BatchProgress Progress => _progress;

    /// <summary>Entries that could not be run.</summary>
    public InvalidEntries Invalid { get; } = new();

    /// <summary>How a task ended of which an earlier batch wrote the result: whether with success. Null: none did.</summary>
    public bool? EarlierSuccess(string taskId) => _ended.TryGetValue(taskId, out bool success) ? success : null;

    /// <summary>Whether the task has its result already; then it is counted.</summary>
    public bool TrySkip(string taskId)
    {
        if (!_ended.TryGetValue(taskId, out bool success))
        {
            return false;
        }

        _progress.AddSkipped(success);
        return true;
    }

    /// <summary>Takes an entry that can't be run.</summary>
    public void Refuse(InvalidEntry entry)
    {
        Invalid.Add(entry);
        Record(entry.ToResult(_time));
    }

    /// <summary>Takes a task that can't be run.</summary>
    public void Refuse(BatchItem item, params IReadOnlyList<ValidationFault> faults) => Refuse(new InvalidEntry(item.Line, item.FileId, faults));

    /// <summary>Takes a result.</summary>
    public void Record(TaskResult result)
    {
        _backlog.Enter();
        try
        {
            _results.Write(result);
            _progress.AddEnded(result.Success);
        }
        catch (IOException exception)
        {
            _failure ??= exception;
            _stop.Cancel();
        }
        finally
        {
            _backlog.Leave();
        }
    }

    /// <summary>Waits while more results have come than can be written.</summary>
    public Task CaughtUpAsync(CancellationToken cancellationToken) => _backlog.WaitAsync(cancellationToken);

    /// <exception cref="IOException">A result could not be written.</exception>
    public void ThrowIfFailed()
    {
        if (_failure is not null)
        {
            throw _failure;
        }
    }

    public void Dispose() => _stop.Dispose();
}
