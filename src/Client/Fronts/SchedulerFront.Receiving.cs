using Executor.Grains.Scheduling;

namespace Executor.Client.Fronts;

internal sealed partial class SchedulerFront
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
        (Guid session, long seen, bool isFirst) = Place();
        if (isFirst)
        {
            return false;
        }

        FrontNews? answer = null;
        _ = await TryAsync(async () =>
        {
            answer = await _scheduler.PullAsync(session, seen);
            return true;
        });
        switch (answer?.Status)
        {
            case FrontStatus.Taken:
                foreach (NumberedNews news in answer.News.Open())
                {
                    Take(session, news);
                }

                return true;
            case FrontStatus.UnknownSession:
                Reopen(session);
                return true;
            default:
                return false;
        }
    }

    private (Guid Session, long Seen, bool IsFirst) Place()
    {
        lock (_lock)
        {
            return (_session, _seen, _isFirst);
        }
    }

    private void Take(Guid session, NumberedNews numbered)
    {
        PendingCall? asked = null;
        FrontConnection? connection = null;
        lock (_lock)
        {
            if (_session != session || numbered.Number <= _seen)
            {
                return;
            }

            _seen = numbered.Number;
            if (numbered.News is Answer answer && _unanswered.Remove(answer.Call, out asked) && asked.Call is RegisterCall register)
            {
                _connections.TryGetValue(register.Connection, out connection);
            }
            else if (ConnectionOf(numbered.News) is long number)
            {
                _connections.TryGetValue(number, out connection);
            }
        }

        connection?.Take(numbered.News);
        if (numbered.News is Answer found)
        {
            asked?.Complete(found);
        }
    }

    private static long? ConnectionOf(News news) => news switch
    {
        RunNews run => run.Connection,
        StopNews stop => stop.Connection,
        DrainNews drain => drain.Connection,
        CloseNews close => close.Connection,
        HeartbeatAnswer heartbeat => heartbeat.Connection,
        _ => null,
    };
}
