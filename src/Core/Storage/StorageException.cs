namespace Executor.Storage;

/// <summary>The store failed: not reachable, full, damaged, or of a newer program. Never thrown for what a caller asked.</summary>
/// <param name="message">What failed and, where there is one, what would help.</param>
/// <param name="isTransient">See <see cref="IsTransient"/>.</param>
/// <param name="inner">The database's own error.</param>
public sealed class StorageException(string message, bool isTransient, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>
    /// Whether the same call may succeed later (the database is away, or busy). The write may have been done all the same when
    /// the connection broke while it was committed; writes can be repeated without harm.
    /// </summary>
    public bool IsTransient { get; } = isTransient;

    /// <summary>
    /// What is wrong in a few words, without saying where the store is, for those who need not know that (<c>the disk is full</c>); null: there are none.
    /// </summary>
    public string? Cause { get; init; }
}
