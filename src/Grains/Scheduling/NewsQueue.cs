using Executor.Tasks;

namespace Executor.Grains.Scheduling;

/// <summary>What a front is to be told, numbered, until it says that it has seen it.</summary>
internal sealed class NewsQueue
{
    private const int MaxCount = 1_000;
    private const long MaxCharacters = 4 << 20;
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private readonly Queue<NumberedNews> _kept = [];
    private long _last;
    private TaskCompletionSource? _arrived;

    public void Push(News news)
    {
        TaskCompletionSource? arrived;
        lock (_lock)
        {
            _kept.Enqueue(new NumberedNews(++_last, news));
            (arrived, _arrived) = (_arrived, null);
        }

        arrived?.TrySetResult();
    }

    /// <summary>Forgets what was seen, and answers what was not; waits half a second for it if there is nothing.</summary>
    public async Task<IReadOnlyList<NumberedNews>> PullAsync(long seen, CancellationToken closed)
    {
        Task arrived;
        lock (_lock)
        {
            while (_kept.TryPeek(out NumberedNews first) && first.Number <= seen)
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

    private List<NumberedNews> Piece()
    {
        List<NumberedNews> piece = [];
        long characters = 0;
        foreach (NumberedNews news in _kept)
        {
            piece.Add(news);
            characters += SizeOf(news.News);
            if (piece.Count == MaxCount || characters > MaxCharacters)
            {
                break;
            }
        }

        return piece;
    }

    private static long SizeOf(News news) => news switch
    {
        RunNews run => MessageSize.Of(run.Spec),
        ResultAnswer { Result: TaskResult result } => MessageSize.Of(result),
        _ => 0,
    };
}
