using Executor.Scheduling;

namespace Executor.Executors.Conversation;

/// <summary>
/// What is to be said of one attempt, until the server has it: pieces of output by number, then the result. What was sent is kept for
/// a while, since a connection that breaks loses what was on its way. Guarded by whoever has the <see cref="Outbox"/>.
/// </summary>
/// <param name="task">The attempt.</param>
/// <param name="maxKeptBytes">Sent output that is kept for a next connection.</param>
internal sealed class AttemptJournal(TaskAttempt task, long maxKeptBytes)
{
    private LinkedList<OutputMessage>? _pieces;
    private LinkedListNode<OutputMessage>? _next;
    private long _lastSeq;
    private long _keptBytes;
    private bool _isResultSent;

    public TaskAttempt Task => task;

    /// <summary>Bytes of output that wait to be sent.</summary>
    public long UnsentBytes { get; private set; }

    /// <summary>The result; null: it still runs.</summary>
    public ResultMessage? Result { get; private set; }

    /// <summary>Told when output was sent.</summary>
    public TaskCompletionSource? Room { get; set; }

    /// <summary>Told when the server has the result, or refused it for good.</summary>
    public TaskCompletionSource Acknowledged { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool HasMore => _next is not null || (Result is not null && !_isResultSent);

    /// <summary>Whether it is in the outbox's line.</summary>
    public bool IsInLine { get; set; }

    public void Add(OutputMessage piece)
    {
        // Kept beyond the call in which it may be read.
        LinkedListNode<OutputMessage> added = (_pieces ??= []).AddLast(piece with { Data = piece.Data.ToArray(), Seq = ++_lastSeq });
        _next ??= added;
        UnsentBytes += piece.Data.Length;
        _keptBytes += piece.Data.Length;
    }

    /// <summary>Its end; another takes the place of one that could not be sent.</summary>
    public void Add(ResultMessage result) => (Result, _isResultSent) = (result, false);

    /// <summary>The next thing to send; there is more.</summary>
    public ExecutorMessage Take()
    {
        if (_next is not LinkedListNode<OutputMessage> node)
        {
            _isResultSent = true;
            return Result!;
        }

        _next = node.Next;
        UnsentBytes -= node.Value.Data.Length;
        while (_keptBytes > maxKeptBytes && _pieces!.First is { } first && first != _next)
        {
            Forget(first);
        }

        return node.Value;
    }

    /// <summary>Goes back to what follows the last piece that arrived.</summary>
    public void Rewind(long received)
    {
        while (_pieces?.First is { } first && first.Value.Seq <= received)
        {
            Forget(first);
        }

        _next = _pieces?.First;
        UnsentBytes = _keptBytes;
        _isResultSent = false;
    }

    private void Forget(LinkedListNode<OutputMessage> piece)
    {
        _keptBytes -= piece.Value.Data.Length;
        _pieces!.Remove(piece);
    }
}
