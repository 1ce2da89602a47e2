using Executor.Grains.Scheduling;
using Executor.Grains.Serialization;

namespace Executor.Client.Connections;

internal sealed partial class SchedulerConnection
{
    private const int MaxCalls = 2_000;
    private const long MaxCharacters = 8 << 20;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(100);

    private async Task SendAllAsync()
    {
        try
        {
            while (true)
            {
                await _work.WaitAsync(_stopping.Token);
                while (TakeBatch(out List<PendingCall> calls) is CallBatch batch)
                {
                    await SendAsync(batch);
                    foreach (PendingCall call in calls.Where(call => !call.IsAnswered))
                    {
                        call.Complete(null);
                    }
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The end.
        }
    }

    private CallBatch? TakeBatch(out List<PendingCall> calls)
    {
        calls = [];
        lock (_lock)
        {
            List<NumberedCall> numbered = [];
            long characters = 0;
            while (numbered.Count < MaxCalls && characters < MaxCharacters && _outgoing.TryDequeue(out Speaker speaker))
            {
                if ((speaker.Call?.Call ?? TakeSaid(speaker.Executor!)) is not SchedulerCall taken)
                {
                    continue;
                }

                numbered.Add(new NumberedCall(++_lastNumber, taken));
                characters += SizeOf(taken);
                if (speaker.Call is PendingCall call)
                {
                    calls.Add(call);
                    call.Number = _lastNumber;
                    if (call.IsAnswered)
                    {
                        _unanswered.Add(call.Number, call);
                    }
                }
            }

            return numbered.Count == 0 && !_isFirst
                ? null
                : new CallBatch(_connectionId, _isFirst, _silo, new Payload<IReadOnlyList<NumberedCall>>(numbered));
        }
    }

    private ExecutorCall? TakeSaid(ClusterExecutorConnection executor)
    {
        executor.Turns--;
        ExecutorCall? said = executor.TryTake();
        if (said is not null && executor.Turns == 0)
        {
            // After a scheduler's move there is more to say than it asked for turns.
            Enqueue(executor);
        }

        return said;
    }

    private void Enqueue(ClusterExecutorConnection executor)
    {
        executor.Turns++;
        _outgoing.Enqueue(new Speaker(null, executor));
    }

    /// <summary>Sends until it is taken, or the connection is over.</summary>
    private async Task SendAsync(CallBatch batch)
    {
        while (true)
        {
            switch (await TryAsync(() => _scheduler.SendAsync(batch)))
            {
                case ConnectionStatus.Taken:
                    lock (_lock)
                    {
                        _isFirst &= _connectionId != batch.ConnectionId;
                    }

                    return;
                case ConnectionStatus.UnknownConnection:
                    Reopen(batch.ConnectionId);
                    return;
            }

            await Task.Delay(RetryDelay, _stopping.Token);
            lock (_lock)
            {
                if (_connectionId != batch.ConnectionId)
                {
                    return;
                }
            }
        }
    }

    /// <summary>Makes a grain call; null: the scheduler could not be reached.</summary>
    private async Task<T?> TryAsync<T>(Func<Task<T>> call)
        where T : struct
    {
        try
        {
            return await call().WaitAsync(_stopping.Token);
        }
        catch (Exception failed) when (failed is not OperationCanceledException || !_stopping.IsCancellationRequested)
        {
            // Whatever it was: the scheduler is where the next call finds it, or makes it.
            _log.SchedulerUnreachable(failed.GetType().Name, failed.Message);
            return null;
        }
    }

    private static long SizeOf(SchedulerCall call) => call switch
    {
        SubmitCall submit => submit.Tasks.Sum(MessageSize.Of),
        ExecutorCall said => MessageSize.Of(said.Message),
        _ => 0,
    };
}
