using Executor.Executors;
using Executor.Scheduling;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Engine;

public sealed partial class ExecutionEngine
{
    private readonly Dictionary<string, ConnectedExecutor> _executors = [];

    /// <inheritdoc/>
    public Task<IExecutorConnection> RegisterAsync(
        ExecutorRegistration registration, IReadOnlyList<TaskAttempt> running, IExecutorLink link, CancellationToken cancellationToken) =>
        RegisterAsync(registration, running, link, _options.Lease);

    /// <summary>The same for an executor that has been drained: it keeps what it runs, and is given nothing.</summary>
    /// <exception cref="InvalidInputException">The registration is not valid; names every bad field.</exception>
    public Task<IExecutorConnection> RegisterDrainedAsync(
        ExecutorRegistration registration, IReadOnlyList<TaskAttempt> running, IExecutorLink link, CancellationToken cancellationToken) =>
        RegisterAsync(registration, running, link, _options.Lease, isDrained: true);

    /// <summary>Brings in an executor of this process: it lives as long as the engine, so it has no lease.</summary>
    /// <exception cref="InvalidInputException">The registration is not valid; names every bad field.</exception>
    public Task<IExecutorConnection> RegisterLocalAsync(ExecutorRegistration registration, IExecutorLink link) =>
        RegisterAsync(registration, [], link, lease: null);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ExecutorInfo>> ListExecutorsAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<ExecutorInfo>>(
            [
                .. _queue.Executors().Select(snapshot => (snapshot, executor: _executors[snapshot.ExecutorId])).Select(pair => new ExecutorInfo
                {
                    Registration = pair.executor.Registration,
                    Status = pair.executor.Status,
                    Running = pair.snapshot.Held,
                    Load = pair.snapshot.Load,
                    RegisteredAt = pair.executor.RegisteredAt,
                    LastSeenAt = pair.executor.Connection.Lease is null ? Now : pair.executor.LastSeenAt,
                }),
            ]);
        }
    }

    /// <inheritdoc/>
    public Task<bool> DrainExecutorAsync(string executorId, CancellationToken cancellationToken)
    {
        IExecutorLink? link = null;
        lock (_lock)
        {
            if (_executors.TryGetValue(executorId, out ConnectedExecutor? executor))
            {
                Drain(executor);
                link = executor.Link;
            }
        }

        link?.Drain();
        return Task.FromResult(link is not null);
    }

    internal void Drain(EngineConnection from)
    {
        lock (_lock)
        {
            if (IsCurrent(from))
            {
                Drain(_executors[from.ExecutorId]);
            }
        }
    }

    internal IReadOnlyList<TaskAttempt>? Heartbeat(EngineConnection from, IReadOnlyList<TaskAttempt> running)
    {
        lock (_lock)
        {
            if (!IsCurrent(from))
            {
                return null;
            }

            DateTimeOffset now = Now;
            _executors[from.ExecutorId].LastSeenAt = now;
            IReadOnlyList<TaskAttempt>? stale = (_queue.Heartbeat(from.ExecutorId, running, now) as HeartbeatAccepted)?.Stale;
            RepeatOutdated(Outdate(stale ?? []));
            return stale;
        }
    }

    internal void Disconnected(EngineConnection from)
    {
        if (from.Lease is null)
        {
            Leave(from);
            return;
        }

        lock (_lock)
        {
            if (IsCurrent(from))
            {
                // What it runs is kept for it until its lease runs out; what is new goes elsewhere.
                _queue.Drain(from.ExecutorId);
                _executors[from.ExecutorId].Status = ExecutorStatus.Disconnected;
            }
        }
    }

    internal void Leave(EngineConnection from)
    {
        ConnectedExecutor executor;
        IReadOnlyList<TaskAttempt> lost;
        lock (_lock)
        {
            if (!IsCurrent(from))
            {
                return;
            }

            lost = _queue.Lose(from.ExecutorId);
            _executors.Remove(from.ExecutorId, out executor!);
        }

        _work.Track(LoseAsync(lost, LossReason.ExecutorLost));
        _work.Track(ForgetAsync(executor));
    }

    private bool IsCurrent(EngineConnection connection) =>
        !_stopping.IsCancellationRequested
        && _executors.TryGetValue(connection.ExecutorId, out ConnectedExecutor? executor)
        && ReferenceEquals(executor.Connection, connection);

    private async Task<IExecutorConnection> RegisterAsync(
        ExecutorRegistration registration, IReadOnlyList<TaskAttempt> running, IExecutorLink link, TimeSpan? lease, bool isDrained = false)
    {
        ThrowIfStopping();
        ExecutorOffer offer = RegistrationCheck.Accept(registration, lease);
        bool isReuniting = IsReuniting;
        IReadOnlyDictionary<string, TaskSpec> specs = isReuniting ? await SpecsOfAsync(running) : NoSpecs;
        EngineConnection connection = new(this, registration.ExecutorId, lease);
        ConnectedExecutor executor = new(registration, link, connection, Now);
        ConnectedExecutor? before;
        Registration registered;
        List<Dispatch>? given;
        List<(LiveTask Task, TaskLifecycle After)> outdated;
        lock (_lock)
        {
            _executors.TryGetValue(registration.ExecutorId, out before);
            if (lease is not null && before is { Connection.Lease: null })
            {
                throw new InvalidInputException([new ValidationFault("executor_id", $"'{registration.ExecutorId}' is the server's own; choose another")]);
            }

            registered = _queue.Register(registration.ExecutorId, offer, running, Now);
            connection.Stale = isReuniting ? Reunite(registration.ExecutorId, registered.Stale, specs) : registered.Stale;
            outdated = Outdate(connection.Stale);
            _executors[registration.ExecutorId] = executor;
            if (isDrained)
            {
                Drain(executor);
            }

            // Before it is given anything; see the contract.
            link.Attach(connection);
            given = Assign();
        }

        before?.Link.Replace($"another executor registered as '{registration.ExecutorId}'");
        _log.ExecutorRegistered(registration.ExecutorId, registration.MaxTasks);
        Hand(given);
        _work.Track(LoseAsync(registered.Lost, LossReason.ExecutorLost));
        RepeatOutdated(outdated);
        _work.Track(RememberAsync(executor));
        return connection;
    }

    /// <summary>
    /// After a restart an executor may come back with attempts that this process never gave out, and that it can't keep: the tasks wait,
    /// under the same number. That number is used up, so they wait for the next one, once that is stored, and what the executor says of the
    /// old one is refused. Under the lock.
    /// </summary>
    private List<(LiveTask Task, TaskLifecycle After)> Outdate(IReadOnlyList<TaskAttempt> stale)
    {
        List<(LiveTask, TaskLifecycle)> outdated = [];
        foreach (TaskAttempt attempt in stale)
        {
            if (_tasks.TryGetValue(attempt.TaskId, out LiveTask? task)
                && task.State.Status == ExecutionStatus.Pending
                && task.Attempt == attempt
                && _queue.Cancel(attempt.TaskId) is WaitingTaskRemoved)
            {
                task.State = task.State with { Attempt = task.State.Attempt + 1 };
                outdated.Add((task, task.State));
            }
        }

        return outdated;
    }

    private void RepeatOutdated(List<(LiveTask Task, TaskLifecycle After)> outdated)
    {
        foreach ((LiveTask task, TaskLifecycle after) in outdated)
        {
            _work.Track(Task.Run(() => RepeatTaskAsync(task, after.Attempt - 1, after)));
        }
    }

    private void Drain(ConnectedExecutor executor)
    {
        _queue.Drain(executor.Registration.ExecutorId);
        executor.Status = ExecutorStatus.Draining;
    }

    private void CloseLinks()
    {
        ConnectedExecutor[] executors;
        lock (_lock)
        {
            executors = [.. _executors.Values];
        }

        foreach (ConnectedExecutor executor in executors)
        {
            executor.Link.Close("the server is stopping");
        }
    }

    private async Task RememberAsync(ConnectedExecutor executor)
    {
        ExecutorRegistration registration = executor.Registration;
        await RepeatAsync(async () =>
        {
            await _store.SaveExecutorAsync(
                new ExecutorRecord
                {
                    ExecutorId = registration.ExecutorId,
                    Host = registration.Host,
                    Port = registration.Port,
                    MaxTasks = registration.MaxTasks,
                    Capabilities = registration.Capabilities ?? [],
                    LastSeenAt = executor.LastSeenAt,
                },
                _stopping.Token);
            return true;
        });
    }

    private Task ForgetAsync(ConnectedExecutor executor) => ForgetAsync(executor.Registration.ExecutorId);

    private async Task ForgetAsync(string id)
    {
        bool isBack;
        lock (_lock)
        {
            isBack = _executors.ContainsKey(id);
        }

        if (!isBack)
        {
            await RepeatAsync(() => _store.RemoveExecutorAsync(id, _stopping.Token));
        }
    }
}
