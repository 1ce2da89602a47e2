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
        ClusterExecutorConnection? connection = null;
        lock (_lock)
        {
            if (_connectionId != connectionId || numbered.Number <= _seen)
            {
                return;
            }

            _seen = numbered.Number;
            if (numbered.Event is Answer answer && _unanswered.Remove(answer.Call, out asked) && asked.Call is RegisterCall register)
            {
                _connections.TryGetValue(register.Connection, out connection);
            }
            else if (ConnectionOf(numbered.Event) is long number)
            {
                _connections.TryGetValue(number, out connection);
            }
        }

        connection?.Take(numbered.Event);
        if (numbered.Event is Answer found)
        {
            asked?.Complete(found);
        }
    }

    private static long? ConnectionOf(SchedulerEvent told) => told switch
    {
        RunEvent run => run.Connection,
        StopEvent stop => stop.Connection,
        DrainEvent drain => drain.Connection,
        CloseEvent close => close.Connection,
        HeartbeatAnswer heartbeat => heartbeat.Connection,
        _ => null,
    };
}
