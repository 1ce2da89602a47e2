namespace Executor.Storage;

public sealed partial class InMemoryTaskStore
{
    private readonly SortedDictionary<long, CallbackRecord> _callbacks = new(Comparer<long>.Create((a, b) => b.CompareTo(a)));
    private readonly SortedDictionary<string, SortedSet<(DateTimeOffset NextAt, long Sequence)>> _waitingCallbacks = new(StringComparer.Ordinal);
    private readonly SortedSet<(DateTimeOffset EndedAt, long Sequence)> _deadCallbacks = [];

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListCallbackHostsAsync(string? after, int limit, CancellationToken cancellationToken)
    {
        StoreLimits.CheckPage(limit);
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<string>>(
                [.. _waitingCallbacks.Keys.Where(host => after is null || string.CompareOrdinal(host, after) > 0).Take(limit)]);
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<CallbackRecord>> ReadWaitingCallbacksAsync(string host, int limit, CancellationToken cancellationToken)
    {
        StoreLimits.CheckPage(limit);
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<CallbackRecord>>(
                _waitingCallbacks.TryGetValue(host, out var waiting) ? [.. waiting.Take(limit).Select(place => _callbacks[place.Sequence])] : []);
        }
    }

    /// <inheritdoc/>
    public Task SettleCallbackAsync(CallbackOutcome outcome, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_callbacks.TryGetValue(outcome.Sequence, out CallbackRecord? known) && known.State == CallbackState.Waiting)
            {
                Forget(known);
                switch (outcome)
                {
                    case CallbackPutOff putOff:
                        Keep(known with { Attempts = putOff.Attempts, NextAt = StoredTime.Truncate(putOff.NextAt), Error = putOff.Error });
                        break;
                    case CallbackGivenUp givenUp:
                        Keep(known with
                        {
                            State = CallbackState.Dead,
                            Attempts = givenUp.Attempts,
                            NextAt = StoredTime.Truncate(givenUp.At),
                            Error = givenUp.Error,
                        });
                        break;
                }
            }
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<CallbackPage> ListCallbacksAsync(CallbackState? state, int limit, long? after, CancellationToken cancellationToken)
    {
        StoreLimits.CheckPage(limit);
        lock (_lock)
        {
            CallbackRecord[] found =
            [
                .. _callbacks.Values.Where(callback => (state is null || callback.State == state) && (after is null || callback.Sequence < after)).Take(limit + 1),
            ];
            return Task.FromResult(new CallbackPage([.. found.Take(limit)], found.Length > limit ? found[limit - 1].Sequence : null));
        }
    }

    /// <inheritdoc/>
    public Task<CallbackCounts> CountCallbacksAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(new CallbackCounts(_callbacks.Count - _deadCallbacks.Count, _deadCallbacks.Count));
        }
    }

    private void Keep(CallbackRecord callback)
    {
        _callbacks[callback.Sequence] = callback;
        if (callback.State == CallbackState.Dead)
        {
            _deadCallbacks.Add((callback.EndedAt, callback.Sequence));
            return;
        }

        string host = CallbackRecord.HostOf(callback.Url);
        if (!_waitingCallbacks.TryGetValue(host, out var waiting))
        {
            _waitingCallbacks.Add(host, waiting = []);
        }

        waiting.Add((callback.NextAt, callback.Sequence));
    }

    private void Forget(CallbackRecord callback)
    {
        _callbacks.Remove(callback.Sequence);
        _deadCallbacks.Remove((callback.EndedAt, callback.Sequence));
        string host = CallbackRecord.HostOf(callback.Url);
        if (_waitingCallbacks.TryGetValue(host, out var waiting) && waiting.Remove((callback.NextAt, callback.Sequence)) && waiting.Count == 0)
        {
            _waitingCallbacks.Remove(host);
        }
    }

    /// <summary>Forgets dead callbacks, oldest first, as <see cref="ApplyRetentionAsync"/> does with tasks.</summary>
    private void ApplyRetentionToCallbacks(DateTimeOffset? before, int max)
    {
        while (_deadCallbacks.Count > 0 && (_deadCallbacks.Count > max || _deadCallbacks.Min.EndedAt < before))
        {
            Forget(_callbacks[_deadCallbacks.Min.Sequence]);
        }
    }
}
