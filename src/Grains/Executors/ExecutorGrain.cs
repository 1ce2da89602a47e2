using Executor.Executors;
using Executor.Grains.Placement;
using Executor.Grains.Scheduling;
using Executor.Grains.State;
using Microsoft.Extensions.DependencyInjection;
using Orleans.GrainDirectory;
using Orleans.Placement;
using Orleans.Providers;
using Orleans.Runtime;
using Orleans.Storage;

namespace Executor.Grains.Executors;

/// <summary>
/// See <see cref="IExecutorGrain"/>. Not where the executor is connected: when that silo dies the executor comes back by another one,
/// and this grain is to be there already. It stays in memory as long as it knows an executor, to forget it in time.
/// </summary>
[RandomPlacement]
[GrainDirectory(LastingDirectory.Name)]
[QueueSilos]
[CollectionAgeLimit(Hours = 3)]
internal sealed class ExecutorGrain : Grain, IExecutorGrain
{
    private readonly TimeProvider _time;
    private readonly KeptState<ExecutorState> _kept;
    private DateTimeOffset _savedAt;
    private IGrainTimer? _timer;

    /// <param name="resources">The queue's clock.</param>
    /// <param name="storage">Where it is kept.</param>
    public ExecutorGrain(IQueueResources resources, [FromKeyedServices(ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME)] IGrainStorage storage)
    {
        (string queue, string name) = GrainKeys.Split(this.GetPrimaryKeyString());
        _time = resources.TimeOf(queue);
        _kept = new KeptState<ExecutorState>(
            storage, ExecutorKeeping.StateName, this.GetGrainId(), $"executor '{name}'", () => _savedAt = _kept!.Value.LastSeenAt);
    }

    private ExecutorState State => _kept.Value;

    private DateTimeOffset Now => _time.GetUtcNow();

    private bool IsKnown => _kept.Exists && Now - State.LastSeenAt < ExecutorKeeping.ForgetAfter;

    /// <inheritdoc/>
    public Task<ExecutorAdmission> RegisterAsync(ExecutorRegistration registration, string? silo) => DoAsync(async () =>
    {
        DateTimeOffset now = Now;
        _kept.Value = new ExecutorState
        {
            Registration = registration,
            // By the clock, for what an executor that has left was numbered is not known any more.
            Connection = Math.Max(State.Connection + 1, now.ToUnixTimeMilliseconds()),
            Silo = silo,
            ConnectedAt = now,
            LastSeenAt = now,
            IsDrained = IsKnown && State.IsDrained,
        };
        await _kept.SaveAsync();
        return Admission();
    });

    /// <inheritdoc/>
    public Task<ExecutorAdmission?> NoteAsync(long connection) => DoAsync(() =>
    {
        if (!_kept.Exists || connection != State.Connection)
        {
            return Task.FromResult<ExecutorAdmission?>(null);
        }

        State.LastSeenAt = Now;
        return Task.FromResult<ExecutorAdmission?>(Admission());
    });

    /// <inheritdoc/>
    public Task<bool> DrainAsync() => DoAsync(async () =>
    {
        if (IsKnown && !State.IsDrained)
        {
            State.IsDrained = true;
            await _kept.SaveAsync();
        }

        return IsKnown;
    });

    /// <inheritdoc/>
    public Task<bool> LeaveAsync(long connection) => DoAsync(async () =>
    {
        bool isLast = _kept.Exists && connection == State.Connection;
        if (isLast)
        {
            await _kept.ClearAsync();
        }

        return isLast;
    });

    /// <inheritdoc/>
    public Task<KnownExecutor?> GetAsync() => DoAsync(() => Task.FromResult(IsKnown
        ? new KnownExecutor(State.Registration!, State.Connection, State.Silo, State.ConnectedAt, State.LastSeenAt, State.IsDrained)
        : null));

    /// <inheritdoc/>
    public Task<bool> TidyAsync() => DoAsync(async () =>
    {
        if (_kept.Exists && !IsKnown)
        {
            await _kept.ClearAsync();
        }
        else if (_kept.Exists && State.LastSeenAt > _savedAt)
        {
            await _kept.SaveAsync();
        }

        return _kept.Exists;
    });

    private ExecutorAdmission Admission() => new(State.Connection, State.IsDrained);

    private async Task<T> DoAsync<T>(Func<Task<T>> act)
    {
        T result = await _kept.UseAsync(act);
        KeepOrGo();
        return result;
    }

    /// <summary>Stays as long as there is something to forget.</summary>
    private void KeepOrGo()
    {
        if (_kept.Exists)
        {
            _timer ??= this.RegisterGrainTimer(
                TickAsync, new GrainTimerCreationOptions(ExecutorKeeping.SavePeriod, ExecutorKeeping.SavePeriod) { KeepAlive = true });
        }
        else
        {
            _timer?.Dispose();
            _timer = null;
            DeactivateOnIdle();
        }
    }

    private async Task TickAsync(CancellationToken cancellationToken)
    {
        try
        {
            await TidyAsync();
        }
        catch (CallFaultException)
        {
            // The next tick tries again.
        }
    }
}
