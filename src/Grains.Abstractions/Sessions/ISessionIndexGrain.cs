namespace Executor.Grains.Sessions;

/// <summary>The names of a queue's sessions, which know of themselves only. Key: <see cref="GrainKeys.Sessions"/>.</summary>
[Alias("executor.sessions")]
public interface ISessionIndexGrain : IGrainWithStringKey
{
    /// <summary>Notes a session that is about to be opened.</summary>
    [Alias("add")]
    Task AddAsync(string sessionId);

    /// <summary>Forgets sessions that are not there any more.</summary>
    [Alias("remove")]
    Task RemoveAsync(IReadOnlyList<string> sessionIds);

    /// <summary>Every name; some may be of sessions that are gone.</summary>
    [Alias("list")]
    Task<IReadOnlyList<string>> ListAsync();
}
