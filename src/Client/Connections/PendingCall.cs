using Executor.Grains.Scheduling;

namespace Executor.Client.Connections;

/// <summary>A call on its way.</summary>
/// <param name="call">The call.</param>
/// <param name="isAnswered">Whether there will be an answer; else it is done when it is taken.</param>
internal sealed class PendingCall(SchedulerCall call, bool isAnswered)
{
    private readonly TaskCompletionSource<Answer?> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SchedulerCall Call { get; } = call;

    public bool IsAnswered { get; } = isAnswered;

    /// <summary>Its place in the connection in which it was last sent.</summary>
    public long Number { get; set; }

    /// <summary>The answer; null where there is none.</summary>
    public Task<Answer?> Done => _done.Task;

    public void Complete(Answer? answer)
    {
        if (answer is FaultAnswer refused)
        {
            _done.TrySetException(refused.Fault.ToException());
            _ = _done.Task.Exception; // observed: who asked may have given up
        }
        else
        {
            _done.TrySetResult(answer);
        }
    }

    public void Fail(Exception failure)
    {
        _done.TrySetException(failure);
        _ = _done.Task.Exception;
    }
}
