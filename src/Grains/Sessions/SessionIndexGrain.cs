using Executor.Grains.Placement;
using Executor.Grains.Scheduling;
using Executor.Grains.State;
using Microsoft.Extensions.DependencyInjection;
using Orleans.GrainDirectory;
using Orleans.Placement;
using Orleans.Providers;
using Orleans.Runtime;
using Orleans.Storage;

namespace Executor.Grains.Sessions;

/// <summary>
/// See <see cref="ISessionIndexGrain"/>. By a reminder it goes through all of them now and then, whichever silos have ended meanwhile: those that were LOST with
/// their silo and that nobody asks for are closed when their time is up.
/// </summary>
[RandomPlacement]
[GrainDirectory(LastingDirectory.Name)]
[QueueSilos]
internal sealed class SessionIndexGrain : Grain, ISessionIndexGrain, IRemindable
{
    private readonly string _queue;
    private readonly KeptState<SessionIndexState> _kept;

    /// <param name="storage">Where it is kept.</param>
    public SessionIndexGrain([FromKeyedServices(ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME)] IGrainStorage storage)
    {
        _queue = GrainKeys.Split(this.GetPrimaryKeyString()).Queue;
        _kept = new KeptState<SessionIndexState>(storage, SessionKeeping.IndexName, this.GetGrainId(), $"the sessions of queue '{_queue}'");
    }

    /// <inheritdoc/>
    public Task AddAsync(string sessionId) => _kept.UseAsync(async () =>
    {
        if (!_kept.Exists)
        {
            await this.RegisterOrUpdateReminder(SessionKeeping.SweepReminder, SessionKeeping.SweepPeriod, SessionKeeping.SweepPeriod);
        }

        if (_kept.Value.Names.Add(sessionId))
        {
            await _kept.SaveAsync();
        }

        return true;
    });

    /// <inheritdoc/>
    public Task RemoveAsync(IReadOnlyList<string> sessionIds) => _kept.UseAsync(async () =>
    {
        int before = _kept.Value.Names.Count;
        _kept.Value.Names.ExceptWith(sessionIds);
        if (_kept.Value.Names.Count == before)
        {
            return false;
        }

        if (_kept.Value.Names.Count > 0)
        {
            await _kept.SaveAsync();
            return true;
        }

        if (await this.GetReminder(SessionKeeping.SweepReminder) is IGrainReminder reminder)
        {
            await this.UnregisterReminder(reminder);
        }

        await _kept.ClearAsync();
        return true;
    });

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListAsync() => _kept.UseAsync(() => Task.FromResult<IReadOnlyList<string>>([.. _kept.Value.Names]));

    /// <inheritdoc/>
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        List<string> gone = [];
        foreach (string name in await ListAsync())
        {
            try
            {
                if (!await GrainFactory.GetGrain<ISessionGrain>(GrainKeys.Session(_queue, name)).TidyAsync())
                {
                    gone.Add(name);
                }
            }
            catch (Exception away) when (away is CallFaultException or OrleansException or TimeoutException)
            {
                // The next reminder tries again.
            }
        }

        await RemoveAsync(gone);
    }
}
