namespace Executor.Storage;

public partial interface ITaskStore
{
    /// <summary>Hosts (<see cref="CallbackRecord.HostOf"/>) that callbacks wait for, in ordinal order.</summary>
    /// <param name="after">The last one of the page before; null: from the first.</param>
    /// <param name="limit">How many. Range 1 to 10,000.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task<IReadOnlyList<string>> ListCallbackHostsAsync(string? after, int limit, CancellationToken cancellationToken);

    /// <summary>Callbacks that wait for a host, those that are due first.</summary>
    /// <param name="host">The host.</param>
    /// <param name="limit">How many. Range 1 to 10,000.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task<IReadOnlyList<CallbackRecord>> ReadWaitingCallbacksAsync(string host, int limit, CancellationToken cancellationToken);

    /// <summary>Keeps what came of a callback. One that does not wait is passed over, so it may be repeated.</summary>
    Task SettleCallbackAsync(CallbackOutcome outcome, CancellationToken cancellationToken);

    /// <summary>A page of the callbacks that have not been delivered, those of the newest tasks first.</summary>
    /// <param name="state">Only those; null: all.</param>
    /// <param name="limit">How many. Range 1 to 10,000.</param>
    /// <param name="after">The last page's <see cref="CallbackPage.Next"/>; null: from the newest.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task<CallbackPage> ListCallbacksAsync(CallbackState? state, int limit, long? after, CancellationToken cancellationToken);

    /// <summary>How many callbacks there are.</summary>
    Task<CallbackCounts> CountCallbacksAsync(CancellationToken cancellationToken);
}
