using System.Diagnostics;
using Executor.Engine;
using Executor.Engine.Monitoring;
using Executor.Execution;
using Executor.Executors;
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
    private readonly Dictionary<long, ClientExecutorLink> _links = [];
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
            foreach (ClientExecutorLink link in _links.Values)
            {
                _ = TellAsync(link, connection => Change(link, connection, ConnectionChange.Leave));
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
            case HeartbeatCall heartbeat:
                _ = AnswerAsync(number, async () => new HeartbeatAnswer(
                    number, heartbeat.Connection, (await ConnectionAsync(heartbeat.Connection))?.Heartbeat(heartbeat.Running)));
                break;
            case ReportCall report:
                _ = AnswerAsync(number, async () => new TruthAnswer(
                    number,
                    await ConnectionAsync(report.Connection) is IExecutorConnection connection && await connection.ReportAsync(report.Task, report.Result)));
                break;
            case OutputCall output when _links.TryGetValue(output.Connection, out ClientExecutorLink? link):
                _ = OutputAsync(link, output);
                break;
            case ConnectionCall change when _links.TryGetValue(change.Connection, out ClientExecutorLink? link):
                _ = TellAsync(link, connection => Change(link, connection, change.Change));
                break;
        }
    }

    private async Task<Answer?> SubmitAsync(long number, SubmitCall submit)
    {
        using Activity? span = SubmitTracing.Begin(submit.TraceParent);
        return new SubmitAnswer(number, await engine.SubmitAsync(submit.Tasks, _closed.Token));
    }

    private void Register(long number, RegisterCall register)
    {
        ClientExecutorLink link = new(this, admissions, register, number);
        _links[register.Connection] = link;
        _ = AnswerAsync(number, async () =>
        {
            try
            {
                if (!admissions.TryEnter(register.Registration.ExecutorId, register.Admission))
                {
                    throw new StorageException($"Another connection has registered as '{register.Registration.ExecutorId}' since.", isTransient: true);
                }

                await (register.IsDrained
                    ? engine.RegisterDrainedAsync(register.Registration, register.Running, link, _closed.Token)
                    : engine.RegisterAsync(register.Registration, register.Running, link, _closed.Token));
                // The link has answered, before anything was given.
                return null;
            }
            finally
            {
                link.Settle();
            }
        });
    }

    private static void Change(ClientExecutorLink link, IExecutorConnection connection, ConnectionChange change)
    {
        switch (change)
        {
            case ConnectionChange.Drain:
                connection.Drain();
                break;
            case ConnectionChange.Disconnected:
                connection.Disconnected();
                break;
            case ConnectionChange.Leave:
                link.Withdraw();
                connection.Leave();
                break;
        }
    }

    private Task<IExecutorConnection?> ConnectionAsync(long number) =>
        _links.TryGetValue(number, out ClientExecutorLink? link) ? link.Connected : Task.FromResult<IExecutorConnection?>(null);

    private async Task OutputAsync(ClientExecutorLink link, OutputCall output)
    {
        if (await link.Connected is IExecutorConnection connection)
        {
            await connection.OutputAsync(output.Task, output.Stream, output.Data, _closed.Token);
        }
    }

    private static async Task TellAsync(ClientExecutorLink link, Action<IExecutorConnection> tell)
    {
        if (await link.Connected is IExecutorConnection connection)
        {
            tell(connection);
        }
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
}
