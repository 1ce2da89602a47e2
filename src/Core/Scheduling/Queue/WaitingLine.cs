namespace Executor.Scheduling;

/// <summary>
/// Waiting tasks with equal requirements and equal priority, oldest first. What no executor can take now is passed over a line
/// at a time, never task by task.
/// </summary>
/// <remarks>
/// Tasks mostly come in order (new ones last, repeated ones first), so the line is a linked list and taking its head costs the
/// same at a million as at ten. The few that belong in its middle stand in a heap beside it.
/// </remarks>
internal sealed class WaitingLine(TaskRequirements requirements, int priority, Int128 lead, RequirementGroup group, StepCounter counter)
{
    private QueueEntry? _first;
    private QueueEntry? _last;
    private IndexedHeap<QueueEntry, ByWaitingOrder>? _beside;
    private List<ExecutorState>? _reserved;
    private long _passedSequence = -1;
    private long _passedSince;
    private int _passes;

    public TaskRequirements Requirements { get; } = requirements;

    public int Priority { get; } = priority;

    /// <summary>What the priority is worth as age, in ticks.</summary>
    public Int128 Lead { get; } = lead;

    public RequirementGroup Group { get; } = group;

    /// <summary>Tasks that wait in this line or, delayed, will.</summary>
    public int Members { get; set; }

    /// <summary>The executors that are reserved for the line's head, the last one last.</summary>
    public List<ExecutorState> ReservedExecutors => _reserved ??= [];

    public bool IsReserved => _reserved is { Count: > 0 };

    /// <summary>When the last of them was, in UTC ticks.</summary>
    public long LastReserved { get; set; }

    /// <summary>Where the line stands in its group's tree; null when it is empty.</summary>
    public FirstFitTree<WaitingOrder, WaitingLine>.Node? Node { get; set; }

    public QueueEntry? Head
    {
        get
        {
            QueueEntry? beside = _beside?.First;
            return beside is null || (_first is not null && _first.Order.IsBefore(beside.Order)) ? _first : beside;
        }
    }

    public void Add(QueueEntry entry)
    {
        entry.Place = WaitingPlace.InLine;
        if (_first is null || _last is null)
        {
            _first = _last = entry;
        }
        else if (_last.Order.IsBefore(entry.Order))
        {
            entry.Previous = _last;
            _last = _last.Next = entry;
        }
        else if (entry.Order.IsBefore(_first.Order))
        {
            entry.Next = _first;
            _first = _first.Previous = entry;
        }
        else
        {
            entry.Place = WaitingPlace.BesideLine;
            _beside ??= new IndexedHeap<QueueEntry, ByWaitingOrder>(counter);
            _beside.Add(entry);
        }
    }

    public void Remove(QueueEntry entry)
    {
        if (entry.Place == WaitingPlace.BesideLine)
        {
            _beside!.Remove(entry);
        }
        else
        {
            Unlink(entry);
        }

        entry.Place = WaitingPlace.None;
    }

    /// <summary>Counts that the line's head is passed over.</summary>
    /// <returns>Whether that is still within what the options allow.</returns>
    public bool MayBePassed(long ticks, SchedulingOptions options)
    {
        if (_passedSequence != Head!.Sequence)
        {
            (_passedSequence, _passedSince, _passes) = (Head.Sequence, ticks, 0);
        }

        if (_passes >= options.MaxPasses || ticks - _passedSince >= options.MaxPassTime.Ticks)
        {
            return false;
        }

        _passes++;
        return true;
    }

    private void Unlink(QueueEntry entry)
    {
        if (entry.Previous is null)
        {
            _first = entry.Next;
        }
        else
        {
            entry.Previous.Next = entry.Next;
        }

        if (entry.Next is null)
        {
            _last = entry.Previous;
        }
        else
        {
            entry.Next.Previous = entry.Previous;
        }

        entry.Previous = entry.Next = null;
    }
}
