using Executor.Execution;
using Executor.Sessions;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Grains.Scheduling;

/// <summary>An exception of the contract (<see cref="IExecutionService"/>) on its way across a grain call, which is to be the same on the other side.</summary>
[GenerateSerializer, Immutable, Alias("executor.fault")]
public sealed record CallFault
{
    [Id(0)]
    private readonly FaultKind _kind;

    [Id(1)]
    private readonly string _message;

    [Id(2)]
    private readonly IReadOnlyList<ValidationFault> _faults;

    [Id(3)]
    private readonly (long Waiting, long Maximum, TimeSpan RetryAfter) _queue;

    [Id(4)]
    private readonly SessionFaultKind _session;

    [Id(5)]
    private readonly TaskError? _error;

    private CallFault(FaultKind kind, string message, IReadOnlyList<ValidationFault>? faults = null, (long, long, TimeSpan) queue = default) =>
        (_kind, _message, _faults, _queue) = (kind, message, faults ?? [], queue);

    private CallFault(SessionException failed)
        : this(FaultKind.Session, failed.Message) => (_session, _error) = (failed.Kind, failed.Error);

    /// <summary>An exception's fault.</summary>
    public static CallFault Of(Exception exception) => exception switch
    {
        InvalidTaskException task => new CallFault(FaultKind.InvalidTask, task.Message, task.Faults),
        InvalidInputException input => new CallFault(FaultKind.InvalidInput, input.Message, input.Faults),
        QueueFullException full => new CallFault(FaultKind.QueueFull, full.Message, queue: (full.Waiting, full.Maximum, full.RetryAfter)),
        SessionException session => new CallFault(session),
        StorageException { IsTransient: true } away => new CallFault(FaultKind.StorageAway, away.Message),
        StorageException broken => new CallFault(FaultKind.StorageBroken, broken.Message),
        _ => new CallFault(FaultKind.StorageBroken, $"The scheduler failed: {exception.GetType().Name}: {exception.Message}"),
    };

    /// <summary>The exception.</summary>
    public Exception ToException() => _kind switch
    {
        FaultKind.InvalidTask => new InvalidTaskException(_faults),
        FaultKind.InvalidInput => new InvalidInputException(_faults),
        FaultKind.QueueFull => new QueueFullException(_queue.Waiting, _queue.Maximum, _queue.RetryAfter),
        FaultKind.Session => new SessionException(_session, _message, _error),
        _ => new StorageException(_message, isTransient: _kind == FaultKind.StorageAway),
    };

    [GenerateSerializer]
    internal enum FaultKind
    {
        InvalidTask,
        InvalidInput,
        QueueFull,
        StorageAway,
        StorageBroken,
        Session,
    }
}
