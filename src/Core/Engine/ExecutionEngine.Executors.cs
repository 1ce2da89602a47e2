using Executor.Engine.Board;
using Executor.Executors;
using Executor.Runners;
using Executor.Scheduling;
using Executor.Tasks;

namespace Executor.Engine;

public sealed partial class ExecutionEngine
{
    private static readonly IReadOnlyDictionary<string, TaskSpec> NoSpecs = new Dictionary<string, TaskSpec>();

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
    public Task<IReadOnlyList<ExecutorInfo>> ListExecutorsAsync(CancellationToken cancellationToken) =>
        Task.FromResult(_board.Read((board, now) => board.ListExecutors(now)));

    /// <inheritdoc/>
    public Task<bool> DrainExecutorAsync(string executorId, CancellationToken cancellationToken) =>
        Task.FromResult(Tell((board, _) => board.Executors.Drain(executorId)));

    internal void TakeOutput(BoardExecutor from, TaskAttempt attempt, OutputStream stream, ReadOnlySpan<byte> data) =>
        _board.Read((board, _) => board.Attempts.TakesOutput(from, attempt) ? _views.Of(attempt.TaskId).Output : null)?.Append(attempt.Attempt, stream, data);

    internal async Task<bool> TakeReportAsync(BoardExecutor from, TaskAttempt attempt, TaskResult result)
    {
        bool isTaken = _effects.Apply(
            (board, now) => board.Attempts.Report(from, attempt, result, now),
            effect => EffectRunner.IsWriteOf(effect, attempt.TaskId),
            out Task stored);
        try
        {
            await stored;
            return isTaken;
        }
        catch (OperationCanceledException)
        {
            // The engine stops before the store took it: the task runs again after the next start.
            return false;
        }
    }

    private async Task<IExecutorConnection> RegisterAsync(
        ExecutorRegistration registration, IReadOnlyList<TaskAttempt> running, IExecutorLink link, TimeSpan? lease, bool isDrained = false)
    {
        ThrowIfStopping();
        ExecutorOffer offer = RegistrationCheck.Accept(registration, lease);
        BoardExecutor executor = new(registration, lease, link, _time.GetUtcNow());
        EngineConnection connection = new(this, executor);
        IReadOnlyDictionary<string, TaskSpec> specs = running.Count > 0 && _board.Read((board, _) => board.IsRecovering)
            ? await _retries.RepeatAsync(() => _store.GetSpecsAsync([.. running.Select(task => task.TaskId)], _stopping.Token))
            : NoSpecs;
        Tell((board, now) =>
        {
            connection.Stale = board.Executors.Register(executor, offer, running, specs, isDrained, now);
            // Before it is told anything; see the contract.
            link.Attach(connection);
        });
        return connection;
    }
}
