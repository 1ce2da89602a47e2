using System.Collections.Concurrent;
using System.Diagnostics;
using Executor.Engine;
using Executor.Engine.Monitoring;
using Executor.Execution;
using Executor.Executors;
using Executor.Executors.Conversation;
using Executor.Storage;

namespace Executor.Grains.Scheduling;

/// <summary>
/// The scheduler's side of a client: takes its calls in order, each once, and keeps what it is to be told until it has been. Safe to call
/// from many threads.
/// </summary>
/// <param name="engine">Does what is asked.</param>
/// <param name="admissions">Which connections of executors count.</param>
/// <param name="silo">The silo that the process is; null: it is none.</param>
internal sealed class ClientConnection(ExecutionEngine engine, LatestAdmissions admissions, string? silo) : IDisposable
{
    /// <summary>How long a client may not ask for events before it is given up.</summary>
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(30);

    private readonly Lock _taking = new();
    private readonly ConcurrentDictionary<long, RegisteredExecutor> _executors = [];
    private readonly CancellationTokenSource _closed = new();
    private readonly EventQueue _events = new();
    private long _lastCall;
    private long _lastPull = Environment.TickCount64;

    public string? Silo { get; } = silo;

    /// <summary>Whether nothing has been heard of the client for long.</summary>
    public bool IsSilent => Environment.TickCount64 - Volatile.Read(ref _lastPull) > TimeLimit.TotalMilliseconds;

    /// <summary>Begins what is asked, in order. What was taken before is passed over.</summary>
    /// <returns>Whether it was taken; false: the connection is closed.</returns>
    public bool Take(IReadOnlyList<NumberedCall> calls)
    {
        lock (_taking)
        {
            if (_closed.IsCancellationRequested)
            {
                return false;
            }

            foreach (NumberedCall call in calls)
            {
                if (call.Number > _lastCall)
                {
                    _lastCall = call.Number;
                    Begin(call.Number, call.Call);
                }
            }

            return true;
        }
    }

    /// <summary>See <see cref="ISchedulerGrain.PullAsync"/>.</summary>
    public Task<IReadOnlyList<NumberedEvent>> PullAsync(long seen)
    {
        Volatile.Write(ref _lastPull, Environment.TickCount64);
        return _events.PullAsync(seen, _closed.Token);
    }

    /// <summary>Adds to what the client is to be told; when the connection is closed, nothing: what a stopping engine says is not the last word.</summary>
    public void Push(SchedulerEvent told)
    {
        if (!_closed.IsCancellationRequested)
        {
            _events.Push(told);
        }
    }

    /// <summary>Its executors are gone for good.</summary>
    public void LoseExecutors()
    {
        lock (_taking)
        {
            foreach (RegisteredExecutor executor in _executors.Values)
            {
                _ = TakeAsync(executor, new LeaveMessage());
            }
        }
    }

    /// <summary>Ends it: nothing more is taken, and what is under way is answered to nobody.</summary>
    // The source has no timer and no handle, and a call that is under way must find it.
    public void Dispose() => _closed.Cancel();

    // Whatever runs synchronously here keeps the order in which the client said it.
    private void Begin(long number, SchedulerCall call)
    {
        switch (call)
        {
            case SubmitCall submit:
                _ = AnswerAsync(number, () => SubmitAsync(number, submit));
                break;
            case WaitCall wait:
                _ = AnswerAsync(number, async () => new ResultAnswer(number, await engine.WaitAsync(wait.TaskId, Timeout.InfiniteTimeSpan, _closed.Token)));
                break;
            case ExecutorsCall:
                _ = AnswerAsync(number, async () => new ExecutorsAnswer(number, await engine.ListExecutorsAsync(_closed.Token)));
                break;
            case DrainExecutorCall drain:
                _ = AnswerAsync(number, async () => new TruthAnswer(number, await engine.DrainExecutorAsync(drain.ExecutorId, _closed.Token)));
                break;
            case RegisterCall register:
                Register(number, register);
                break;
            case ExecutorCall said when _executors.TryGetValue(said.Connection, out RegisteredExecutor? executor):
                _ = TakeAsync(executor, said.Message);
                break;
        }
    }

    private async Task<Answer?> SubmitAsync(long number, SubmitCall submit)
    {
        using Activity? span = SubmitTracing.Begin(submit.TraceParent);
        return new SubmitAnswer(number, await engine.SubmitAsync(submit.Tasks, _closed.Token));
    }

    private void Register(long number, RegisterCall call)
    {
        RegisteredExecutor executor = new(call, new ExecutorPeer(call.Register, earlier: null, message => Tell(call, message)));
        _executors[call.Connection] = executor;
        _ = AnswerAsync(number, async () =>
        {
            try
            {
                if (!admissions.TryEnter(executor.Id, call.Admission))
                {
                    throw new StorageException($"Another connection has registered as '{executor.Id}' since.", isTransient: true);
                }

                await executor.Peer.RegisterAsync(engine, _closed.Token);
                return new TruthAnswer(number, true);
            }
            catch
            {
                _executors.TryRemove(call.Connection, out _);
                throw;
            }
        });
    }

    private void Tell(RegisterCall register, ServerMessage message)
    {
        Push(new ExecutorEvent(register.Connection, message));
        if (message is ClosedMessage)
        {
            End(register);
        }
    }

    private async Task TakeAsync(RegisteredExecutor executor, ExecutorMessage message)
    {
        if (message is LeaveMessage)
        {
            End(executor.Call);
        }

        try
        {
            await executor.Peer.TakeAsync(message);
        }
        // The edge of a message: whatever went wrong, the executor is to register again and to say it anew.
        catch (Exception failed)
        {
            Tell(executor.Call, new ClosedMessage($"the scheduler failed: {failed.Message}"));
        }
    }

    /// <summary>An executor's connection is over: what is known of its admission is forgotten, unless there is a later one.</summary>
    private void End(RegisterCall register)
    {
        _executors.TryRemove(register.Connection, out _);
        admissions.Withdraw(register.Register.Registration.ExecutorId, register.Admission);
    }

    private async Task AnswerAsync(long number, Func<Task<Answer?>> work)
    {
        try
        {
            if (await work() is Answer answer)
            {
                Push(answer);
            }
        }
        catch (Exception stopped) when (stopped is ServiceStoppingException or OperationCanceledException)
        {
            // Not answered: the client asks the next scheduler.
        }
        // The edge of a call: whatever went wrong is its answer, or the client would wait for ever.
        catch (Exception failed)
        {
            Push(new FaultAnswer(number, CallFault.Of(failed)));
        }
    }

    /// <summary>An executor behind the client.</summary>
    private sealed record RegisteredExecutor(RegisterCall Call, ExecutorPeer Peer)
    {
        public string Id => Call.Register.Registration.ExecutorId;
    }
}
