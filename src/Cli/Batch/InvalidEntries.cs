using Executor.Tasks;

namespace Executor.Cli.Batch;

/// <summary>Entries of a batch that are no task that can be run: all are counted, the first of them kept. Thread-safe.</summary>
internal sealed class InvalidEntries
{
    private const int Kept = 100;

    private readonly Lock _lock = new();
    private readonly List<InvalidEntry> _first = [];

    /// <summary>How many there were.</summary>
    public int Count { get; private set; }

    /// <summary>The kept ones, in the file's order.</summary>
    public IReadOnlyList<InvalidEntry> First
    {
        get
        {
            lock (_lock)
            {
                return [.. _first.OrderBy(entry => entry.Line)];
            }
        }
    }

    public void Add(InvalidEntry entry)
    {
        lock (_lock)
        {
            Count++;
            if (_first.Count < Kept)
            {
                _first.Add(entry);
            }
        }
    }
}

/// <summary>An entry that can't be run.</summary>
/// <param name="Line">Line of the file on which it begins, from 1.</param>
/// <param name="TaskId">The id under which its result stands.</param>
/// <param name="Faults">What is wrong with it.</param>
internal sealed record InvalidEntry(long Line, string TaskId, IReadOnlyList<ValidationFault> Faults)
{
    /// <summary>Every fault in one line.</summary>
    public string Explanation => string.Join("; ", Faults);

    /// <summary>The result that stands for it.</summary>
    public TaskResult ToResult(TimeProvider time)
    {
        long now = time.GetUtcNow().ToUnixTimeMilliseconds();
        return new TaskResult
        {
            TaskId = TaskId,
            Status = ExecutionStatus.Failed,
            StartTimeMs = now,
            EndTimeMs = now,
            Error = new TaskError { Type = TaskErrorTypes.InvalidTask, Message = $"line {Line}: {Explanation}" },
        };
    }
}
