using Executor.Grains.Scheduling;

namespace Executor.Client.Connections;

internal sealed partial class SchedulerConnection
{
    private async Task PullAllAsync()
    {
        try
        {
            while (true)
            {
                if (!await PullAsync())
                {
                    await Task.Delay(RetryDelay, _stopping.Token);
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The end.
        }
    }

    /// <returns>Whether it is worth asking again at once.</returns>
    private async Task<bool> PullAsync()
    {
        (Guid connectionId, long seen, bool isFirst) = Place();
        if (isFirst)
        {
            return false;
        }

        EventBatch? answer = null;
        _ = await TryAsync(async () =>
        {
            answer = await _scheduler.PullAsync(connectionId, seen);
            return true;
        });
        switch (answer?.Status)
        {
            case ConnectionStatus.Taken:
                foreach (NumberedEvent numbered in answer.Events.Open())
                {
                    Take(connectionId, numbered);
                }

                return true;
            case ConnectionStatus.UnknownConnection:
                Reopen(connectionId);
                return true;
            default:
                return false;
        }
    }

    private (Guid ConnectionId, long Seen, bool IsFirst) Place()
    {
        lock (_lock)
        {
            return (_connectionId, _seen, _isFirst);
        }
    }

    private void Take(Guid connectionId, NumberedEvent numbered)
    {
        PendingCall? asked = null;
        ClusterExecutorConnection? executor = null;
        lock (_lock)
        {
            if (_connectionId != connectionId || numbered.Number <= _seen)
            {
                return;
            }

            _seen = numbered.Number;
            if (numbered.Event is ExecutorEvent said)
            {
                _connections.TryGetValue(said.Connection, out executor);
            }
            else if (numbered.Event is Answer answer && _unanswered.Remove(answer.Call, out asked) && asked.Call is RegisterCall register)
            {
                _connections.TryGetValue(register.Connection, out executor);
            }
        }

        switch (numbered.Event)
        {
            case ExecutorEvent said:
                executor?.Take(said.Message);
                break;
            case FaultAnswer when executor is { IsRegistered: true }:
                executor.Close("the cluster does not take it any more");
                break;
        }

        if (numbered.Event is Answer found)
        {
            asked?.Complete(found);
        }
    }
}
