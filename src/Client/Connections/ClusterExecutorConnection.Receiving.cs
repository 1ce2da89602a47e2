using Executor.Executors;
using Executor.Grains.Executors;
using Executor.Grains.Scheduling;
using Executor.Scheduling;

namespace Executor.Client.Connections;

internal sealed partial class ClusterExecutorConnection
{
    /// <summary>Takes what the scheduler says of it.</summary>
    public void Take(SchedulerEvent told)
    {
        switch (told)
        {
            case RegisteredAnswer registered:
                Attach(registered);
                break;
            case FaultAnswer when IsAttached:
                CloseFor("the cluster does not take it any more");
                break;
            case HeartbeatAnswer { Stale: null }:
                CloseFor("it is not registered any more");
                break;
            case HeartbeatAnswer heartbeat:
                Stop(heartbeat.Stale);
                break;
            case RunEvent run:
                Run(new TaskAssignment(run.Spec, run.Attempt, run.GpuDevices) { TraceParent = run.TraceParent });
                break;
            case StopEvent stop:
                link.Cancel(stop.Task);
                break;
            case DrainEvent:
                _isDraining = true;
                link.Drain();
                break;
            case CloseEvent close:
                CloseFor(close.Reason, close.IsReplaced);
                break;
        }
    }

    /// <summary>Takes what the executor's grain says of it; null: it does not count any more.</summary>
    public void Take(ExecutorAdmission? now)
    {
        if (now is null)
        {
            CloseFor($"another executor registered as '{ExecutorId}', or it was forgotten");
        }
        else if (now.IsDrained && !_isDraining)
        {
            // Drained while the scheduler did not know it.
            Drain();
            link.Drain();
        }
    }

    /// <summary>It is closed by the other side.</summary>
    public void CloseFor(string reason, bool isReplaced = false)
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                return;
            }

            _isClosed = true;
        }

        scheduler.Forget(this);
        if (isReplaced)
        {
            link.Replace(reason);
        }
        else
        {
            link.Close(reason);
        }
    }

    private void Attach(RegisteredAnswer registered)
    {
        bool isAgain;
        lock (_lock)
        {
            isAgain = IsAttached;
            IsAttached = true;
            Lease = registered.Lease;
            Stale = registered.Stale;
            _held.ExceptWith(registered.Stale);
        }

        if (isAgain)
        {
            Stop(registered.Stale);
        }
        else
        {
            link.Attach(this);
            if (admission.IsDrained)
            {
                link.Drain();
            }
        }

        // It may have been drained, or have registered elsewhere, while the scheduler did not know it.
        Note();
    }

    private void Run(TaskAssignment assignment)
    {
        lock (_lock)
        {
            if (!_held.Add(assignment.Task))
            {
                return;
            }

            // What an earlier scheduler did not know under this number must not stop it now.
            _stale.Remove(assignment.Task);
        }

        link.Run(assignment);
    }

    private void Stop(IReadOnlyList<TaskAttempt> stale)
    {
        lock (_lock)
        {
            _held.ExceptWith(stale);
            _stale.AddRange(stale);
        }

        foreach (TaskAttempt task in stale)
        {
            link.Cancel(task);
        }
    }
}
