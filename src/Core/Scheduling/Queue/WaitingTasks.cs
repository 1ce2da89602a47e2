namespace Executor.Scheduling;

/// <summary>The tasks that wait: in lines by what they need, or delayed until their time comes.</summary>
internal sealed class WaitingTasks(SchedulingOptions options, EligibilityIndex index, StepCounter counter)
{
    private readonly Dictionary<(TaskRequirements Requirements, int Priority), WaitingLine> _lines = [];
    private readonly IndexedHeap<QueueEntry, ByNotBefore> _delayed = new(counter);
    private readonly IndexedHeap<QueueEntry, ByExpiry> _expiring = new(counter);
    private readonly Queue<QueueEntry> _expired = [];
    private long _sequence;

    /// <summary>Tasks in lines and delayed ones.</summary>
    public int Count { get; private set; }

    /// <summary>The earliest moment that <see cref="Advance"/> waits for.</summary>
    public long NextDue => long.Min(
        _delayed.First?.NotBefore ?? QueueEntry.Never,
        _expired.TryPeek(out QueueEntry? expired) ? expired.ExpiresAt : _expiring.First?.ExpiresAt ?? QueueEntry.Never);

    public QueueEntry Add(in QueuedTask task)
    {
        WaitingLine line = LineFor(task.Requirements ?? TaskRequirements.None, task.Priority);
        line.Members++;
        Count++;
        QueueEntry entry = new(task.TaskId, task.Attempt, line, task.SubmittedAt.UtcTicks, _sequence++) { Avoid = task.Avoid };
        if (task.ExpiresAt is DateTimeOffset expiresAt)
        {
            entry.ExpiresAt = expiresAt.UtcTicks;
            _expiring.Add(entry);
        }

        if (task.NotBefore is DateTimeOffset notBefore)
        {
            entry.NotBefore = notBefore.UtcTicks;
            entry.Place = WaitingPlace.Delayed;
            _delayed.Add(entry);
        }
        else
        {
            Join(entry);
        }

        return entry;
    }

    /// <summary>Takes a task out: it is cancelled, or given to somebody.</summary>
    public void Remove(QueueEntry entry)
    {
        WaitingLine line = entry.Line;
        if (entry.ExpiresAt != QueueEntry.Never)
        {
            _expiring.Remove(entry);
        }

        if (entry.Place == WaitingPlace.Delayed)
        {
            _delayed.Remove(entry);
            entry.Place = WaitingPlace.None;
        }
        else
        {
            LeaveLine(entry);
        }

        Count--;
        if (--line.Members == 0)
        {
            Drop(line);
        }
    }

    /// <summary>Lets a task that is in line wait until then, so that those behind it can go on.</summary>
    public void SetAside(QueueEntry entry, long until)
    {
        LeaveLine(entry);
        entry.NotBefore = until;
        entry.Place = WaitingPlace.Delayed;
        _delayed.Add(entry);
    }

    /// <summary>Puts the delayed tasks whose time has come in line, and takes those out whose queue timeout has ended.</summary>
    /// <param name="ticks">The time.</param>
    /// <param name="tasks">From which those are removed too.</param>
    public void Advance(long ticks, Dictionary<string, QueueEntry> tasks)
    {
        while (_expiring.First is QueueEntry entry && entry.ExpiresAt <= ticks)
        {
            Remove(entry);
            tasks.Remove(entry.TaskId);
            _expired.Enqueue(entry);
        }

        while (_delayed.First is QueueEntry entry && entry.NotBefore <= ticks)
        {
            _delayed.Remove(entry);
            Join(entry);
        }
    }

    /// <summary>The tasks that <see cref="Advance"/> took out since the last call, first expired first.</summary>
    public IReadOnlyList<TaskAttempt> TakeExpired()
    {
        if (_expired.Count == 0)
        {
            return [];
        }

        List<TaskAttempt> expired = [.. _expired.Select(entry => entry.Task)];
        _expired.Clear();
        return expired;
    }

    private static void Join(QueueEntry entry)
    {
        WaitingLine line = entry.Line;
        if (line.Head is QueueEntry head && head.Order.IsBefore(entry.Order))
        {
            line.Add(entry);
            return;
        }

        Unfile(line);
        line.Add(entry);
        File(line);
    }

    private static void LeaveLine(QueueEntry entry)
    {
        WaitingLine line = entry.Line;
        if (entry != line.Head)
        {
            line.Remove(entry);
            return;
        }

        Unfile(line);
        line.Remove(entry);
        File(line);
        if (line.Head is null)
        {
            ExecutorPool.Unreserve(line);
        }
    }

    private WaitingLine LineFor(TaskRequirements requirements, int priority)
    {
        if (!_lines.TryGetValue((requirements, priority), out WaitingLine? line))
        {
            RequirementGroup group = index.GroupFor(requirements);
            group.LineCount++;
            _lines.Add((requirements, priority), line = new WaitingLine(requirements, priority, options.LeadOf(priority), group, counter));
        }

        return line;
    }

    private void Drop(WaitingLine line)
    {
        _lines.Remove((line.Requirements, line.Priority));
        if (--line.Group.LineCount == 0)
        {
            index.Remove(line.Group);
        }
    }

    private static void File(WaitingLine line)
    {
        if (line.Head is QueueEntry head)
        {
            line.Node = line.Group.Lines.Add(head.Order, line.Requirements.Resources, line);
        }
    }

    private static void Unfile(WaitingLine line)
    {
        if (line.Node is not null)
        {
            line.Group.Lines.Remove(line.Node);
            line.Node = null;
        }
    }
}
