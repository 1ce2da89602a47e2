using Executor.Scheduling;

namespace Executor.Executors.Conversation;

/// <summary>
/// The executor's half of the rule over what is sent, held and replayed. Signs of life and of the executor's own plans go first, then the
/// output and the results of its attempts in turn. A result is kept until it is acknowledged; output that was sent is kept for a while. On a
/// new connection the plans are said again, output goes on after the last piece that arrived, and results that were not acknowledged follow.
/// Pure: no clock, no I/O, and for one caller at a time.
/// </summary>
/// <param name="held">The attempts that it begins with.</param>
/// <param name="maxKeptBytes">Sent output of an attempt that is kept for a next connection.</param>
internal sealed class Outbox(IEnumerable<TaskAttempt> held, long maxKeptBytes)
{
    /// <summary>Output of an attempt that waits to be sent, above which its program is slowed down.</summary>
    private const long MaxUnsentBytes = 1 << 20;

    private readonly HashSet<TaskAttempt> _held = [.. held];
    private readonly Dictionary<TaskAttempt, AttemptJournal> _journals = [];
    private readonly Queue<AttemptJournal> _line = [];
    private readonly List<ExecutorMessage> _plans = [];
    private int _plansSent;
    private HeartbeatMessage? _heartbeat;

    /// <summary>The attempts that are the executor's own: given to it, and neither acknowledged nor lost.</summary>
    public IReadOnlyList<TaskAttempt> Held => [.. _held];

    /// <summary>Whether nothing more is to be given.</summary>
    public bool IsDraining => _plans.Any(plan => plan is DrainMessage);

    /// <summary>The executor is given an attempt.</summary>
    /// <returns>Whether it did not have it yet.</returns>
    public bool Give(TaskAttempt task) => _held.Add(task);

    /// <summary>An attempt is no longer the executor's own. Its result is sent all the same, to be refused.</summary>
    public void Lose(TaskAttempt task) => _held.Remove(task);

    /// <summary>Adds a sign of life; an earlier one that was not sent says nothing any more.</summary>
    public void Add(HeartbeatMessage heartbeat) => _heartbeat = heartbeat;

    /// <summary>Adds what the executor is about to do, once.</summary>
    public void AddPlan(ExecutorMessage plan)
    {
        if (!_plans.Contains(plan))
        {
            _plans.Add(plan);
        }
    }

    /// <summary>Adds a piece of output; that of an attempt which is not its own is passed over.</summary>
    /// <returns>Ends when there is room for more.</returns>
    public Task Add(OutputMessage piece)
    {
        if (!_held.Contains(piece.Task))
        {
            return Task.CompletedTask;
        }

        AttemptJournal journal = Open(piece.Task);
        journal.Add(piece);
        Enqueue(journal);
        return journal.UnsentBytes < MaxUnsentBytes
            ? Task.CompletedTask
            : (journal.Room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
    }

    /// <summary>Adds a result; another of the same attempt takes its place.</summary>
    /// <returns>Ends when it is acknowledged.</returns>
    public Task Add(ResultMessage result)
    {
        AttemptJournal journal = Open(result.Task);
        journal.Add(result);
        Enqueue(journal);
        return journal.Acknowledged.Task;
    }

    /// <summary>The server has a result, or refused it for good.</summary>
    public void Acknowledge(TaskAttempt task)
    {
        if (_journals.TryGetValue(task, out AttemptJournal? journal) && journal.Result is not null)
        {
            _held.Remove(task);
            _journals.Remove(task);
            Release(journal);
        }
    }

    /// <summary>Begins anew on a new connection, after what arrived on earlier ones.</summary>
    public void Rewind(IReadOnlyList<ReceivedOutput> received)
    {
        Dictionary<TaskAttempt, long> arrived = received.ToDictionary(output => new TaskAttempt(output.TaskId, output.Attempt), output => output.Seq);
        _heartbeat = null;
        _plansSent = 0;
        _line.Clear();
        foreach (AttemptJournal journal in _journals.Values)
        {
            journal.IsInLine = false;
            journal.Rewind(arrived.GetValueOrDefault(journal.Task));
            Enqueue(journal);
        }
    }

    /// <summary>The next message to send; null: there is none.</summary>
    public ExecutorMessage? Take()
    {
        if (_heartbeat is HeartbeatMessage heartbeat)
        {
            _heartbeat = null;
            return heartbeat;
        }

        if (_plansSent < _plans.Count)
        {
            return _plans[_plansSent++];
        }

        while (_line.TryDequeue(out AttemptJournal? journal))
        {
            journal.IsInLine = false;
            if (journal.HasMore)
            {
                ExecutorMessage message = journal.Take();
                Enqueue(journal);
                if (journal.UnsentBytes < MaxUnsentBytes)
                {
                    journal.Room?.TrySetResult();
                    journal.Room = null;
                }

                return message;
            }
        }

        return null;
    }

    /// <summary>Gives up everything: nobody waits any more.</summary>
    public void Clear()
    {
        foreach (AttemptJournal journal in _journals.Values)
        {
            Release(journal);
        }

        _held.Clear();
        _journals.Clear();
        _line.Clear();
        _plans.Clear();
        _plansSent = 0;
        _heartbeat = null;
    }

    private static void Release(AttemptJournal journal)
    {
        journal.Room?.TrySetResult();
        journal.Acknowledged.TrySetResult();
    }

    private AttemptJournal Open(TaskAttempt task)
    {
        if (!_journals.TryGetValue(task, out AttemptJournal? journal))
        {
            _journals.Add(task, journal = new AttemptJournal(task, maxKeptBytes));
        }

        return journal;
    }

    private void Enqueue(AttemptJournal journal)
    {
        if (journal.HasMore && !journal.IsInLine)
        {
            journal.IsInLine = true;
            _line.Enqueue(journal);
        }
    }
}
