using Executor.Executors.Protocol;
using Executor.Scheduling;
using Executor.Tasks;

namespace Executor.Hosting.Working;

/// <summary>
/// What is to be said of one attempt, until the server has it: pieces of output by number, then the result. What was sent is kept for
/// a while, since a connection that breaks loses what was on its way. Guarded by the <see cref="Outbox"/>.
/// </summary>
internal sealed class AttemptJournal(TaskAttempt task)
{
    /// <summary>Sent output that is kept for a next connection: more than sockets buffer.</summary>
    private const int MaxKeptBytes = 8 << 20;

    private readonly LinkedList<Piece> _pieces = [];
    private LinkedListNode<Piece>? _next;
    private long _lastSeq;
    private long _keptBytes;
    private bool _isResultSent;

    public TaskAttempt Task => task;

    /// <summary>Bytes of output that wait to be sent.</summary>
    public long UnsentBytes { get; private set; }

    /// <summary>The result; null: it still runs.</summary>
    public TaskResult? Result { get; set; }

    /// <summary>Told when output was sent.</summary>
    public TaskCompletionSource? Room { get; set; }

    /// <summary>Told whether the server took the result.</summary>
    public TaskCompletionSource<bool> Acknowledged { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool HasMore => _next is not null || (Result is not null && !_isResultSent);

    /// <summary>Whether it is in the outbox's line.</summary>
    public bool IsInLine { get; set; }

    public void Add(OutputStream stream, byte[] data)
    {
        LinkedListNode<Piece> added = _pieces.AddLast(new Piece(++_lastSeq, stream, data));
        _next ??= added;
        UnsentBytes += data.Length;
        _keptBytes += data.Length;
    }

    /// <summary>The next thing to send; there is more.</summary>
    public ExecutorFrame Take()
    {
        if (_next is not LinkedListNode<Piece> node)
        {
            _isResultSent = true;
            return new ResultFrame { TaskId = task.TaskId, Attempt = task.Attempt, Result = Result! };
        }

        _next = node.Next;
        UnsentBytes -= node.Value.Data.Length;
        while (_keptBytes > MaxKeptBytes && _pieces.First != _next && _pieces.First != node)
        {
            _keptBytes -= _pieces.First!.Value.Data.Length;
            _pieces.RemoveFirst();
        }

        return OutputFrame.Of(task, node.Value.Stream, node.Value.Seq, node.Value.Data);
    }

    /// <summary>Goes back to what follows the last piece that arrived.</summary>
    public void Rewind(long received)
    {
        while (_pieces.First is { } first && first.Value.Seq <= received)
        {
            _keptBytes -= first.Value.Data.Length;
            _pieces.RemoveFirst();
        }

        _next = _pieces.First;
        UnsentBytes = _keptBytes;
        _isResultSent = false;
    }

    private sealed record Piece(long Seq, OutputStream Stream, byte[] Data);
}
