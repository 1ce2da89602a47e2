using System.Text.Json;
using Executor.Grains.Scheduling;
using Executor.Storage;
using Orleans.Runtime;
using Orleans.Storage;

namespace Executor.Grains.State;

/// <summary>
/// What a grain keeps in storage. Used by the grain itself rather than as a persistent state of Orleans: that is read while the grain is
/// activated, where a store that is away is no answer but a grain that can't be had.
/// </summary>
/// <param name="storage">Where it is kept.</param>
/// <param name="name">The name of the state; each class of grain has another.</param>
/// <param name="grain">The grain.</param>
/// <param name="what">What it is, for messages.</param>
/// <param name="synced">Called when what is in memory is what is stored.</param>
internal sealed class KeptState<T>(IGrainStorage storage, string name, GrainId grain, string what, Action? synced = null)
{
    private const int Attempts = 3;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(100);

    private readonly GrainState<T> _stored = new();
    private bool _isRead;

    /// <summary>Whether anything is stored.</summary>
    public bool Exists => _stored.RecordExists;

    /// <summary>What is stored, or is to be. Reading makes an empty one where nothing is.</summary>
    public T Value
    {
        get => _stored.State!;
        set => _stored.State = value;
    }

    /// <summary>Does something with what is stored, which after a failure is read again: what was written is not known then.</summary>
    /// <exception cref="CallFaultException">It could not be read or stored.</exception>
    public async Task<TResult> UseAsync<TResult>(Func<Task<TResult>> act)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await ReadAsync();
                return await act();
            }
            // Of the contract; what was stored is known.
            catch (CallFaultException)
            {
                throw;
            }
            // Stores throw what they like.
            catch (Exception failed)
            {
                _isRead = false;
                if (attempt == Attempts)
                {
                    throw new CallFaultException(CallFault.Of(new StorageException(
                        $"What is known of {what} could not be read or stored: {failed.GetBaseException().Message}", isTransient: failed is not JsonException, failed)));
                }
            }

            await Task.Delay(RetryDelay);
        }
    }

    public async Task SaveAsync()
    {
        await storage.WriteStateAsync(name, grain, _stored);
        synced?.Invoke();
    }

    public Task ClearAsync() => storage.ClearStateAsync(name, grain, _stored);

    private async Task ReadAsync()
    {
        if (!_isRead)
        {
            await storage.ReadStateAsync(name, grain, _stored);
            _isRead = true;
            synced?.Invoke();
        }
    }
}
