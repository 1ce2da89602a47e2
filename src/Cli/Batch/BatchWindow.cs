using Executor.Tasks;

namespace Executor.Cli.Batch;

/// <summary>
/// Tasks read ahead of those that run: the highest priority comes out first, equal ones in the file's order. Bounded, so that
/// the file may be larger than memory; priority is therefore obeyed among the tasks in the window.
/// </summary>
/// <param name="maxTasks">Tasks it holds at most.</param>
/// <param name="maxCharacters">Characters of source, files and input it holds; the task that goes over is the last one taken in.</param>
internal sealed class BatchWindow(int maxTasks = 10_000, long maxCharacters = 128L << 20)
{
    private readonly PriorityQueue<BatchItem, (long Urgency, long Order)> _items = new();
    private long _characters;
    private long _order;

    public int Count => _items.Count;

    public bool IsFull => _items.Count >= maxTasks || _characters >= maxCharacters;

    public void Add(BatchItem item)
    {
        _characters += SizeOf(item.Task);
        _items.Enqueue(item, (-(long)item.Task.Priority, _order++));
    }

    /// <summary>Takes the task that is to run next. There must be one.</summary>
    public BatchItem Take()
    {
        BatchItem item = _items.Dequeue();
        _characters -= SizeOf(item.Task);
        return item;
    }

    private static long SizeOf(TaskSpec task) =>
        (task.Code?.Length ?? 0) + (task.Stdin?.Length ?? 0) + (task.Files?.Values.Sum(file => (long)file.Content.Length) ?? 0);
}

/// <summary>A task of a batch and the line of the file on which it begins.</summary>
internal sealed record BatchItem(long Line, TaskSpec Task);
