namespace Executor.Scheduling;

/// <summary>A task in the queue, waiting or held. There may be a million of these: keep it small.</summary>
internal sealed class QueueEntry(string taskId, int attempt, WaitingLine line, long submitted, long sequence)
{
    public const long Never = long.MaxValue;

    public readonly string TaskId = taskId;
    public readonly int Attempt = attempt;
    public readonly WaitingLine Line = line;
    public readonly long Submitted = submitted;
    public readonly long Sequence = sequence;

    /// <summary>The executor that it is given to only where no other could take it; null: none.</summary>
    public string? Avoid;

    /// <summary>When it may be given and until when, in UTC ticks.</summary>
    public long NotBefore;
    public long ExpiresAt = Never;

    /// <summary>Where it stands in its line, when it is in it.</summary>
    public QueueEntry? Previous;
    public QueueEntry? Next;

    /// <summary>Who holds it; null while it waits.</summary>
    public Holding? Holding;

    /// <summary>Its position in the heap of the place it is in, and in that of the expiries.</summary>
    public int Position;
    public int ExpiryPosition;
    public WaitingPlace Place;

    public WaitingOrder Order => new(Submitted - Line.Lead, Sequence);

    public TaskAttempt Task => new(TaskId, Attempt);
}

/// <summary>Where a waiting task is kept.</summary>
internal enum WaitingPlace : byte
{
    /// <summary>Nowhere: it is held, or gone.</summary>
    None,

    /// <summary>Among those whose time has not come.</summary>
    Delayed,

    /// <summary>In its line, in order.</summary>
    InLine,

    /// <summary>Beside its line: it belongs somewhere in the middle.</summary>
    BesideLine,
}
