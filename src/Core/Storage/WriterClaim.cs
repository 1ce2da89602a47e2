namespace Executor.Storage;

/// <summary>
/// The right to be the only one who writes under a name, in a store that several processes use. Whoever opens the store with a claim of
/// the same name later takes the right over: from then on every write through the earlier one fails, in the store itself, however
/// late it comes.
/// </summary>
/// <param name="name">What only one may write.</param>
/// <param name="isExclusive">See <see cref="IsExclusive"/>.</param>
#pragma warning disable CA1001 // The source has no timer and no handle, and a late Lose must find it.
public sealed class WriterClaim(string name, bool isExclusive = false)
#pragma warning restore CA1001
{
    private readonly CancellationTokenSource _lost = new();
    private Func<CancellationToken, Task>? _check;

    /// <summary>What only one may write.</summary>
    public string Name { get; } = name;

    /// <summary>
    /// Whether its holder shares the store with nobody: the store does not open while a living process has another claim on it, of whatever name, and no
    /// other claim is made while this one's process lives. Without it, it shares with those that share, too.
    /// </summary>
    public bool IsExclusive { get; } = isExclusive;

    /// <summary>Its number: higher than those of all before it; 0 until the store is open, or where a store has only one process.</summary>
    public long Epoch { get; private set; }

    /// <summary>Cancelled when another has taken the right over, and a write or a check has found that out.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Looks whether the right has been taken over, which <see cref="Lost"/> then says.</summary>
    /// <exception cref="StorageException">The store could not be asked.</exception>
    public Task CheckAsync(CancellationToken cancellationToken) => _check?.Invoke(cancellationToken) ?? Task.CompletedTask;

    /// <summary>For stores: the claim is made.</summary>
    /// <param name="epoch">Its number.</param>
    /// <param name="check">Looks whether it still holds, and calls <see cref="Lose"/> if not.</param>
    public void Make(long epoch, Func<CancellationToken, Task> check) => (Epoch, _check) = (epoch, check);

    /// <summary>For stores: another has taken the right over.</summary>
    public void Lose() => _lost.Cancel();
}
