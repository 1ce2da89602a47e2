using Executor.Engine.Sessions;
using Executor.Sessions;
using Executor.Tasks;

namespace Executor.Grains.Sessions;

internal sealed partial class SessionGrain
{
    /// <inheritdoc/>
    public async Task<ExecutionUpdate?> ExecuteAsync(Guid execution, ExecuteRequest request, bool isWatched)
    {
        if (!_executions.TryGetValue(execution, out RunningExecution? running))
        {
            if (_session is not Session session)
            {
                SessionInfo? lost = await GetAsync();
                return lost is null ? null : throw Fault(SessionException.Lost(_name, lost.Error!));
            }

            running = new RunningExecution(session, request, isWatched);
            _executions.Add(execution, running);
        }

        return await NewsOfAsync(running, seen: 0);
    }

    /// <inheritdoc/>
    public async Task<ExecutionUpdate?> FollowAsync(Guid execution, int seen) =>
        _executions.TryGetValue(execution, out RunningExecution? running) ? await NewsOfAsync(running, seen) : null;

    /// <inheritdoc/>
    public Task LeaveAsync(Guid execution)
    {
        if (_executions.Remove(execution, out RunningExecution? running))
        {
            running.Dispose();
        }

        return Task.CompletedTask;
    }

    private static async Task<ExecutionUpdate> NewsOfAsync(RunningExecution running, int seen)
    {
        try
        {
            return await running.NextAsync(seen, SessionKeeping.TimeLimit);
        }
        catch (Exception failed) when (failed is SessionException or InvalidInputException)
        {
            throw Fault(failed);
        }
        catch (OperationCanceledException)
        {
            // Left by who asked.
            return new ExecutionUpdate([], null);
        }
    }

    /// <summary>Who has not said that it has heard of an end will not ask for it any more.</summary>
    private void ForgetEnded()
    {
        long oldest = Environment.TickCount64 - (long)SessionKeeping.KeepEnded.TotalMilliseconds;
        foreach ((Guid id, RunningExecution running) in _executions)
        {
            if (running.EndedAt < oldest)
            {
                _executions.Remove(id);
            }
        }
    }
}
