using Executor.Tasks;

namespace Executor.Grains.Scheduling;

/// <summary>What a client is to be told, numbered, until it says that it has seen it.</summary>
internal sealed class EventQueue
{
    private const int MaxCount = 1_000;
    private const long MaxCharacters = 4 << 20;
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private readonly Queue<NumberedEvent> _kept = [];
    private long _last;
    private TaskCompletionSource? _arrived;

    public void Push(SchedulerEvent told)
    {
        TaskCompletionSource? arrived;
        lock (_lock)
        {
            _kept.Enqueue(new NumberedEvent(++_last, told));
            (arrived, _arrived) = (_arrived, null);
        }

        arrived?.TrySetResult();
    }

    /// <summary>Forgets what was seen, and answers what was not; waits half a second for it if there is nothing.</summary>
    public async Task<IReadOnlyList<NumberedEvent>> PullAsync(long seen, CancellationToken closed)
    {
        Task arrived;
        lock (_lock)
        {
            while (_kept.TryPeek(out NumberedEvent first) && first.Number <= seen)
            {
                _kept.Dequeue();
            }

            if (_kept.Count > 0)
            {
                return Piece();
            }

            arrived = (_arrived ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }

        await arrived.WaitAsync(Wait, closed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_lock)
        {
            return Piece();
        }
    }

    private List<NumberedEvent> Piece()
    {
        List<NumberedEvent> piece = [];
        long characters = 0;
        foreach (NumberedEvent numbered in _kept)
        {
            piece.Add(numbered);
            characters += SizeOf(numbered.Event);
            if (piece.Count == MaxCount || characters > MaxCharacters)
            {
                break;
            }
        }

        return piece;
    }

    private static long SizeOf(SchedulerEvent told) => told switch
    {
        ExecutorEvent said => MessageSize.Of(said.Message),
        ResultAnswer { Result: TaskResult result } => MessageSize.Of(result),
        _ => 0,
    };
}
