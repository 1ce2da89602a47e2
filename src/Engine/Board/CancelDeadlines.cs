namespace Executor.Engine.Board;

/// <summary>Running tasks that somebody cancelled, and when each is ended though its executor has not reported.</summary>
internal sealed class CancelDeadlines(TimeSpan grace)
{
    // The grace is the same for all, so the first asked is the first due.
    private readonly Queue<(BoardTask Task, DateTimeOffset DueAt)> _asked = [];

    /// <summary>When the next one is due; null: none is asked.</summary>
    public DateTimeOffset? NextDue => _asked.TryPeek(out (BoardTask Task, DateTimeOffset DueAt) first) ? first.DueAt : null;

    public void Add(BoardTask task, DateTimeOffset now) => _asked.Enqueue((task, now + grace));

    /// <summary>Takes out one that is due and has not ended meanwhile; null: there is none.</summary>
    public BoardTask? TakeDue(DateTimeOffset now)
    {
        while (_asked.TryPeek(out (BoardTask Task, DateTimeOffset DueAt) first) && (first.DueAt <= now || first.Task.Phase == TaskPhase.Ending))
        {
            _asked.Dequeue();
            if (first.Task.Phase != TaskPhase.Ending)
            {
                return first.Task;
            }
        }

        return null;
    }
}
