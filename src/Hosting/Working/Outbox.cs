using Executor.Executors.Protocol;
using Executor.Scheduling;
using Executor.Tasks;

namespace Executor.Hosting.Working;

/// <summary>
/// What a worker has to say to the server, whether it is connected or not: signs of life first, then the output and the results of its
/// attempts in turn. Safe to call from many threads.
/// </summary>
internal sealed class Outbox
{
    /// <summary>Output of an attempt that waits to be sent, above which its program is slowed down.</summary>
    private const long MaxUnsentBytes = 1 << 20;

    private readonly Lock _lock = new();
    private readonly Dictionary<TaskAttempt, AttemptJournal> _journals = [];
    private readonly Queue<AttemptJournal> _line = [];
    private readonly Queue<ExecutorFrame> _urgent = [];
    private TaskCompletionSource _added = NewSignal();
    private bool _isClosed;

    /// <summary>Adds a frame that goes before all others and is dropped with the connection.</summary>
    public void Add(ExecutorFrame frame)
    {
        lock (_lock)
        {
            _urgent.Enqueue(frame);
            _added.TrySetResult();
        }
    }

    /// <summary>Adds a piece of output; waits while much is unsent.</summary>
    public async ValueTask AddAsync(TaskAttempt task, OutputStream stream, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        Task room;
        lock (_lock)
        {
            if (_isClosed)
            {
                return;
            }

            AttemptJournal journal = Open(task);
            journal.Add(stream, data.ToArray());
            Enqueue(journal);
            room = journal.UnsentBytes < MaxUnsentBytes ? Task.CompletedTask : (journal.Room ??= NewSignal()).Task;
        }

        await room.WaitAsync(cancellationToken);
    }

    /// <summary>Adds a result and waits until the server has acknowledged it.</summary>
    /// <returns>Whether the server took it; false also when the worker ends before that.</returns>
    public Task<bool> ReportAsync(TaskAttempt task, TaskResult result)
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                return Task.FromResult(false);
            }

            AttemptJournal journal = Open(task);
            journal.Result = result;
            Enqueue(journal);
            return journal.Acknowledged.Task;
        }
    }

    /// <summary>The server has a result, or refused it for good.</summary>
    public void Acknowledge(ResultAckFrame acknowledgement)
    {
        lock (_lock)
        {
            if (_journals.TryGetValue(acknowledgement.ToAttempt(), out AttemptJournal? journal) && journal.Result is not null)
            {
                _journals.Remove(journal.Task);
                journal.Acknowledged.TrySetResult(acknowledgement.Accepted);
            }
        }
    }

    /// <summary>Puts a result in the place of one that can't be sent.</summary>
    public void Replace(TaskAttempt task, TaskResult result)
    {
        lock (_lock)
        {
            if (_journals.TryGetValue(task, out AttemptJournal? journal))
            {
                journal.Rewind(long.MaxValue);
                journal.Result = result;
                Enqueue(journal);
            }
        }
    }

    /// <summary>Begins anew on a new connection, after what arrived on earlier ones.</summary>
    public void Rewind(IReadOnlyList<ReceivedOutput> received)
    {
        Dictionary<TaskAttempt, long> arrived = received.ToDictionary(output => new TaskAttempt(output.TaskId, output.Attempt), output => output.Seq);
        lock (_lock)
        {
            _urgent.Clear();
            _line.Clear();
            foreach (AttemptJournal journal in _journals.Values)
            {
                journal.IsInLine = false;
                journal.Rewind(arrived.GetValueOrDefault(journal.Task));
                Enqueue(journal);
            }
        }
    }

    /// <summary>The next frame to send; waits for one.</summary>
    public async ValueTask<ExecutorFrame> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task added;
            lock (_lock)
            {
                if (TryTake() is ExecutorFrame frame)
                {
                    return frame;
                }

                if (_added.Task.IsCompleted)
                {
                    _added = NewSignal();
                }

                added = _added.Task;
            }

            await added.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Gives up everything: nobody waits any more, and nothing is taken any more.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            foreach (AttemptJournal journal in _journals.Values)
            {
                journal.Room?.TrySetResult();
                journal.Acknowledged.TrySetResult(false);
            }

            _journals.Clear();
            _line.Clear();
        }
    }

    private ExecutorFrame? TryTake()
    {
        if (_urgent.TryDequeue(out ExecutorFrame? urgent))
        {
            return urgent;
        }

        while (_line.TryDequeue(out AttemptJournal? journal))
        {
            journal.IsInLine = false;
            if (journal.HasMore)
            {
                ExecutorFrame frame = journal.Take();
                Enqueue(journal);
                if (journal.Room is TaskCompletionSource room && journal.UnsentBytes < MaxUnsentBytes)
                {
                    journal.Room = null;
                    room.TrySetResult();
                }

                return frame;
            }
        }

        return null;
    }

    private AttemptJournal Open(TaskAttempt task)
    {
        if (!_journals.TryGetValue(task, out AttemptJournal? journal))
        {
            _journals.Add(task, journal = new AttemptJournal(task));
        }

        return journal;
    }

    private void Enqueue(AttemptJournal journal)
    {
        if (journal.HasMore && !journal.IsInLine)
        {
            journal.IsInLine = true;
            _line.Enqueue(journal);
            _added.TrySetResult();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
