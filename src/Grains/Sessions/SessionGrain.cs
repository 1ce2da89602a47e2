using Executor.Engine.Sessions;
using Executor.Grains.Placement;
using Executor.Grains.Scheduling;
using Executor.Grains.State;
using Executor.Sessions;
using Executor.Tasks;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;
using Orleans.GrainDirectory;
using Orleans.Placement;
using Orleans.Providers;
using Orleans.Runtime;
using Orleans.Storage;

namespace Executor.Grains.Sessions;

/// <summary>
/// See <see cref="ISessionGrain"/>. The rules are <see cref="Session"/>'s, which has its own threads; this is its address in the cluster and what outlives
/// its silo. It stays in memory as long as it has an interpreter.
/// </summary>
[Reentrant]
[RandomPlacement]
[GrainDirectory(LastingDirectory.Name)]
[QueueSilos]
[SessionSilos]
[CollectionAgeLimit(Minutes = 5)]
internal sealed partial class SessionGrain : Grain, ISessionGrain
{
    private readonly string _queue;
    private readonly string _name;
    private readonly SessionHost _host;
    private readonly string _silo;
    private readonly ISiloStatusOracle _silos;
    private readonly KeptState<SessionState> _kept;
    private readonly Dictionary<Guid, RunningExecution> _executions = [];
    private Task _last = Task.CompletedTask;
    private Session? _session;
    private IGrainTimer? _timer;
    private bool _isLeaving;

    /// <param name="resources">Holds the interpreter.</param>
    /// <param name="silos">The silos there are.</param>
    /// <param name="storage">Where it is kept.</param>
    public SessionGrain(
        IQueueResources resources, ISiloStatusOracle silos, [FromKeyedServices(ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME)] IGrainStorage storage)
    {
        (_queue, _name) = GrainKeys.Split(this.GetPrimaryKeyString());
        _host = resources.SessionsOf(_queue);
        (_silos, _silo) = (silos, silos.SiloAddress.ToParsableString());
        _kept = new KeptState<SessionState>(storage, SessionKeeping.StateName, this.GetGrainId(), $"session '{_name}'");
    }

    private ISessionIndexGrain Index => GrainFactory.GetGrain<ISessionIndexGrain>(GrainKeys.Sessions(_queue));

    private SessionState State => _kept.Value;

    /// <inheritdoc/>
    public async Task<SessionPlacing> OpenAsync(SessionSpec spec)
    {
        if (await GetAsync() is null)
        {
            // First its name: one that is there without its session does no harm.
            await Index.AddAsync(_name);
        }

        return await InTurnAsync(async () =>
        {
            if (_kept.Exists)
            {
                return State.Spec!.AsksTheSameAs(spec) ? new SessionPlacing(Info()) : throw Fault(SessionException.Conflict(_name));
            }

            DateTimeOffset now = _host.Time.GetUtcNow();
            return await StartAsync(spec, () => _kept.Value = new SessionState { Spec = spec, CreatedAt = now, LastUsedAt = now });
        });
    }

    /// <inheritdoc/>
    public Task<SessionPlacing> RestartAsync() => InTurnAsync(async () =>
    {
        if (!_kept.Exists)
        {
            return new SessionPlacing(null);
        }

        if (_session is Session session)
        {
            session.Restart();
            return Begun();
        }

        return await StartAsync(State.Spec!, () =>
        {
            (State.Error, State.LastUsedAt) = (null, _host.Time.GetUtcNow());
            State.Restarts++;
        });
    });

    /// <inheritdoc/>
    public async Task<SessionInfo?> SettleAsync()
    {
        if (_session is not Session session)
        {
            return await GetAsync();
        }

        try
        {
            await session.Ready.WaitAsync(SessionKeeping.TimeLimit);
        }
        catch (Exception unfinished) when (unfinished is TimeoutException or OperationCanceledException)
        {
            // It starts still, or again.
        }
        catch (SessionException failed)
        {
            if (Info().Restarts == 0)
            {
                await CloseAsync();
            }

            throw Fault(failed);
        }

        return await GetAsync();
    }

    /// <inheritdoc/>
    public Task<SessionInfo?> GetAsync() => InTurnAsync(() => Task.FromResult(_kept.Exists ? Info() : null));

    /// <inheritdoc/>
    public async Task<bool> InterruptAsync()
    {
        bool isThere = await InTurnAsync(() => Task.FromResult(_kept.Exists));
        await (_session?.InterruptAsync(CancellationToken.None) ?? Task.CompletedTask);
        return isThere;
    }

    /// <inheritdoc/>
    public async Task<bool> CloseAsync()
    {
        bool wasThere = await InTurnAsync(EndAsync);
        if (wasThere)
        {
            await Index.RemoveAsync([_name]);
        }

        return wasThere;
    }

    /// <inheritdoc/>
    public Task<bool> TidyAsync() => InTurnAsync(async () => _kept.Exists && !(IsExpired() && await EndAsync()));

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_session is Session session)
        {
            _session = null;
            await Task.Run(() => session.DisposeAsync().AsTask(), cancellationToken);
        }
    }

    /// <summary>Has a silo's room for an interpreter, or says that another silo is to be asked.</summary>
    private async Task<SessionPlacing> StartAsync(SessionSpec spec, Action note)
    {
        Session session;
        try
        {
            session = _host.Open(spec);
        }
        catch (Exception refused) when (refused is SessionException or InvalidInputException)
        {
            return new SessionPlacing(null, Refuse(SessionNeeds.Of(spec), CallFault.Of(refused)));
        }

        try
        {
            note();
            await _kept.SaveAsync();
        }
        catch
        {
            await Task.Run(() => session.DisposeAsync().AsTask());
            throw;
        }

        _session = session;
        return Begun();
    }

    /// <summary>Moves to a silo that has not refused, if there is one. Not by a deactivation: calls would be led here again by addresses that are out of date.</summary>
    private SessionRefusal Refuse(SessionNeeds needs, CallFault fault)
    {
        string[] refused = [.. SessionNeeds.Refused(), _silo];
        if (_silos.GetApproximateSiloStatuses(onlyActive: true).Keys.Any(silo => !refused.Contains(silo.ToParsableString())))
        {
            _isLeaving = true;
            needs.Attach(refused);
            this.MigrateOnIdle();
        }

        return new SessionRefusal(_silo, needs, fault);
    }

    /// <summary>It may have failed by now, which is for who settles to say.</summary>
    private SessionPlacing Begun() => new(Info() with { Status = SessionStatus.Starting });

    /// <summary>Ends it for good.</summary>
    private async Task<bool> EndAsync()
    {
        if (_session is Session session)
        {
            await Task.Run(() => session.DisposeAsync().AsTask());
            _session = null;
        }

        if (!_kept.Exists)
        {
            return false;
        }

        await _kept.ClearAsync();
        return true;
    }

    private SessionInfo Info() => _session?.Info is SessionInfo live
        ? live with
        {
            CreateTimeMs = State.CreatedAt.ToUnixTimeMilliseconds(),
            Restarts = State.Restarts + live.Restarts,
        }
        : new SessionInfo
        {
            SessionId = _name,
            Name = State.Spec!.Name,
            Status = SessionStatus.Lost,
            RuntimeId = State.Spec.Language,
            ExecutorType = State.Spec.Runner,
            ConfigId = State.Spec.Executor,
            Restarts = State.Restarts,
            CreateTimeMs = State.CreatedAt.ToUnixTimeMilliseconds(),
            LastUsedTimeMs = State.LastUsedAt.ToUnixTimeMilliseconds(),
            IdleTimeout = IdleTimeout.TotalSeconds,
            Error = State.Error,
            Details = State.Spec.Details,
        };

    private TimeSpan IdleTimeout => State.Spec!.IdleTimeout ?? _host.Options.IdleTimeout;

    private bool IsExpired() => _session?.IsExpired ?? (_host.Time.GetUtcNow() - State.LastUsedAt >= IdleTimeout);

    /// <summary>Does one thing after the other, and stays in memory as long as there is an interpreter.</summary>
    private async Task<T> InTurnAsync<T>(Func<Task<T>> act)
    {
        Task last = _last;
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _last = done.Task;
        await last;
        try
        {
            if (_isLeaving)
            {
                // Repeated, the call finds it there.
                throw new OrleansException($"Session '{_name}' is on its way to another silo.");
            }

            return await _kept.UseAsync(async () =>
            {
                await NoteLossAsync();
                return await act();
            });
        }
        finally
        {
            done.SetResult();
            KeepIfLive();
        }
    }

    /// <summary>What is stored without an interpreter here was on a silo that has ended.</summary>
    private async Task NoteLossAsync()
    {
        if (_kept.Exists && _session is null && State.Error is null)
        {
            State.Error = new TaskError { Type = TaskErrorTypes.ExecutorLost, Message = "the silo that held it has ended" };
            // Who uses it is given time to find out.
            State.LastUsedAt = _host.Time.GetUtcNow();
            await _kept.SaveAsync();
        }
    }

    private void KeepIfLive()
    {
        if (_session is not null)
        {
            _timer ??= this.RegisterGrainTimer(
                TickAsync, new GrainTimerCreationOptions(SessionKeeping.TickPeriod, SessionKeeping.TickPeriod) { KeepAlive = true, Interleave = true });
        }
        else
        {
            _timer?.Dispose();
            _timer = null;
        }
    }

    private async Task TickAsync(CancellationToken cancellationToken)
    {
        ForgetEnded();
        if (_session?.IsExpired == true)
        {
            try
            {
                await CloseAsync();
            }
            catch (CallFaultException)
            {
                // The next tick tries again.
            }
        }
    }

    private static CallFaultException Fault(Exception failed) => new(CallFault.Of(failed));
}
