using System.Text.Json;
using Executor.Executors;
using Executor.Grains.Scheduling;
using Executor.Storage;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Placement;
using Orleans.Providers;
using Orleans.Runtime;
using Orleans.Storage;

namespace Executor.Grains.Executors;

/// <summary>
/// See <see cref="IExecutorGrain"/>. Not where the executor is connected: when that silo dies the executor comes back by another one,
/// and this grain is to be there already. It stays in memory as long as it knows an executor, to forget it in time.
/// </summary>
/// <param name="resources">The queue's clock.</param>
/// <param name="storage">
/// Used as it is, not by way of a persistent state: that is read while the grain is activated, where a store that is away is no answer
/// but a grain that can't be had.
/// </param>
[RandomPlacement]
[CollectionAgeLimit(Hours = 3)]
internal sealed class ExecutorGrain(
    IQueueResources resources, [FromKeyedServices(ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME)] IGrainStorage storage) : Grain, IExecutorGrain
{
    private const int Attempts = 3;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(100);

    private readonly GrainState<ExecutorState> _stored = new();
    private bool _isRead;
    private DateTimeOffset _savedAt;
    private IGrainTimer? _timer;

    // Reading makes an empty one where nothing is stored.
    private ExecutorState State => _stored.State!;

    private DateTimeOffset Now => resources.TimeOf(GrainKeys.Split(this.GetPrimaryKeyString()).Queue).GetUtcNow();

    private bool IsKnown => _stored.RecordExists && Now - State.LastSeenAt < ExecutorKeeping.ForgetAfter;

    /// <inheritdoc/>
    public Task<ExecutorAdmission> RegisterAsync(ExecutorRegistration registration, string? silo) => DoAsync(async () =>
    {
        DateTimeOffset now = Now;
        _stored.State = new ExecutorState
        {
            Registration = registration,
            // By the clock, for what an executor that has left was numbered is not known any more.
            Connection = Math.Max(State.Connection + 1, now.ToUnixTimeMilliseconds()),
            Silo = silo,
            ConnectedAt = now,
            LastSeenAt = now,
            IsDrained = IsKnown && State.IsDrained,
        };
        await SaveAsync();
        return Admission();
    });

    /// <inheritdoc/>
    public Task<ExecutorAdmission?> NoteAsync(long connection) => DoAsync(() =>
    {
        if (!_stored.RecordExists || connection != State.Connection)
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
            await SaveAsync();
        }

        return IsKnown;
    });

    /// <inheritdoc/>
    public Task<bool> LeaveAsync(long connection) => DoAsync(async () =>
    {
        bool isLast = _stored.RecordExists && connection == State.Connection;
        if (isLast)
        {
            await ClearAsync();
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
        if (_stored.RecordExists && !IsKnown)
        {
            await ClearAsync();
        }
        else if (_stored.RecordExists && State.LastSeenAt > _savedAt)
        {
            await SaveAsync();
        }

        return _stored.RecordExists;
    });

    private ExecutorAdmission Admission() => new(State.Connection, State.IsDrained);

    /// <summary>Does something with what is stored, which after a failure is read again: what was written is not known then.</summary>
    private async Task<T> DoAsync<T>(Func<Task<T>> act)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await ReadAsync();
                T result = await act();
                KeepOrGo();
                return result;
            }
            // Stores throw what they like.
            catch (Exception failed)
            {
                _isRead = false;
                if (attempt == Attempts)
                {
                    throw new CallFaultException(CallFault.Of(new StorageException(
                        $"What is known of executor '{GrainKeys.Split(this.GetPrimaryKeyString()).Name}' could not be read or stored: {failed.GetBaseException().Message}",
                        isTransient: failed is not JsonException,
                        failed)));
                }
            }

            await Task.Delay(RetryDelay);
        }
    }

    private async Task ReadAsync()
    {
        if (!_isRead)
        {
            await storage.ReadStateAsync(ExecutorKeeping.StateName, this.GetGrainId(), _stored);
            _isRead = true;
            _savedAt = State.LastSeenAt;
        }
    }

    private async Task SaveAsync()
    {
        await storage.WriteStateAsync(ExecutorKeeping.StateName, this.GetGrainId(), _stored);
        _savedAt = State.LastSeenAt;
    }

    private Task ClearAsync() => storage.ClearStateAsync(ExecutorKeeping.StateName, this.GetGrainId(), _stored);

    /// <summary>Stays as long as there is something to forget.</summary>
    private void KeepOrGo()
    {
        if (_stored.RecordExists)
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
