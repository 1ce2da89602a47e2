using Executor.Tasks;

namespace Executor.Cli.Batch;

/// <summary>Keeps account of a batch: writes each result, counts it, and knows which tasks have theirs already. Thread-safe.</summary>
internal sealed class BatchLedger : IDisposable
{
    private readonly ResultsWriter _results;
    private readonly IReadOnlyDictionary<string, bool> _ended;
    private readonly BatchProgress _progress;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop;
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

    /// <summary>Takes a result.</summary>
    public void Record(TaskResult result)
    {
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
    }

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
