using Executor.Client.Connections;
using Executor.Grains;
using Executor.Grains.Sessions;
using Executor.Sessions;
using Executor.Tasks;

namespace Executor.Client;

/// <summary>The cluster's sessions. Each is on one silo; what is said to it is repeated while that can't be reached.</summary>
internal sealed class ClusterSessions(IGrainFactory grains, string queue, TimeProvider time) : ISessionService
{
    private ISessionIndexGrain Index => grains.GetGrain<ISessionIndexGrain>(GrainKeys.Sessions(queue));

    /// <inheritdoc/>
    public async Task<SessionInfo> OpenAsync(SessionSpec spec, CancellationToken cancellationToken)
    {
        IReadOnlyList<Tasks.ValidationFault> faults = SessionValidator.Validate(spec);
        if (faults.Count > 0)
        {
            throw new Tasks.InvalidInputException(faults);
        }

        SessionSpec named = spec with { SessionId = spec.SessionId ?? Guid.CreateVersion7().ToString() };
        return await StartAsync(named.SessionId!, SessionNeeds.Of(named), session => session.OpenAsync(named), cancellationToken)
            ?? throw Gone(named.SessionId!);
    }

    /// <inheritdoc/>
    public Task<SessionInfo?> GetAsync(string sessionId, CancellationToken cancellationToken) => AskAsync(() => Of(sessionId).GetAsync(), cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SessionInfo>> ListAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<string> names = await AskAsync(() => Index.ListAsync(), cancellationToken);
        SessionInfo?[] found = await Task.WhenAll(names.Select(name => GetAsync(name, cancellationToken)));
        return [.. found.OfType<SessionInfo>().OrderBy(session => session.CreateTimeMs).ThenBy(session => session.SessionId, StringComparer.Ordinal)];
    }

    /// <inheritdoc/>
    public async Task<SessionExecution?> ExecuteAsync(string sessionId, ExecuteRequest request, OutputReceiver? live, CancellationToken cancellationToken)
    {
        Guid execution = Guid.NewGuid();
        ISessionGrain session = Of(sessionId);
        try
        {
            int seen = 0;
            ExecutionUpdate? update = await AskAsync(() => session.ExecuteAsync(execution, request, live is not null), cancellationToken);
            while (update is not null)
            {
                foreach (ExecutionOutput output in update.Output)
                {
                    await (live?.Invoke(output.Stream, output.Data, cancellationToken) ?? ValueTask.CompletedTask);
                }

                if (update.Ended is not null)
                {
                    return update.Ended;
                }

                seen += update.Output.Count;
                int from = seen;
                update = await AskAsync(() => session.FollowAsync(execution, from), cancellationToken) ?? throw await LostAsync(sessionId, cancellationToken);
            }

            return null;
        }
        finally
        {
            // Nobody waits for it to be heard.
            _ = session.LeaveAsync(execution).ContinueWith(
                static left => left.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        }
    }

    /// <inheritdoc/>
    public Task<bool> InterruptAsync(string sessionId, CancellationToken cancellationToken) => AskAsync(() => Of(sessionId).InterruptAsync(), cancellationToken);

    /// <inheritdoc/>
    public Task<SessionInfo?> RestartAsync(string sessionId, CancellationToken cancellationToken) =>
        StartAsync(sessionId, new SessionNeeds(null, null), session => session.RestartAsync(), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> CloseAsync(string sessionId, CancellationToken cancellationToken) => AskAsync(() => Of(sessionId).CloseAsync(), cancellationToken);

    private ISessionGrain Of(string sessionId) => grains.GetGrain<ISessionGrain>(GrainKeys.Session(queue, sessionId));

    private Task<T> AskAsync<T>(Func<Task<T>> ask, CancellationToken cancellationToken) => GrainCalls.RepeatAsync(ask, time, cancellationToken);

    /// <summary>Asks one silo after the other until one takes it, and waits until its interpreter is ready.</summary>
    private async Task<SessionInfo?> StartAsync(
        string sessionId, SessionNeeds needs, Func<ISessionGrain, Task<SessionPlacing>> start, CancellationToken cancellationToken)
    {
        HashSet<string> refused = [];
        while (true)
        {
            SessionNeeds known = needs;
            SessionPlacing placing = await AskAsync(
                () =>
                {
                    known.Attach(refused);
                    return start(Of(sessionId));
                },
                cancellationToken);
            if (placing.Refusal is not SessionRefusal refusal)
            {
                return placing.Session is SessionInfo begun ? await SettleAsync(begun, cancellationToken) : null;
            }

            needs = refusal.Needs;
            if (!refused.Add(refusal.Silo))
            {
                throw refusal.Fault.ToException();
            }
        }
    }

    private async Task<SessionInfo> SettleAsync(SessionInfo session, CancellationToken cancellationToken)
    {
        while (session.Status == SessionStatus.Starting)
        {
            session = await AskAsync(() => Of(session.SessionId).SettleAsync(), cancellationToken) ?? throw Gone(session.SessionId);
        }

        return session;
    }

    private async Task<SessionException> LostAsync(string sessionId, CancellationToken cancellationToken) =>
        await GetAsync(sessionId, cancellationToken) is { Error: { } error } ? SessionException.Lost(sessionId, error) : Gone(sessionId);

    private static SessionException Gone(string sessionId) =>
        SessionException.Lost(sessionId, new Tasks.TaskError { Type = Tasks.TaskErrorTypes.Cancelled, Message = "it was closed meanwhile" });
}
