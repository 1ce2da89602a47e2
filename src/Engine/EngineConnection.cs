using Executor.Engine.Board;
using Executor.Executors;
using Executor.Scheduling;
using Executor.Tasks;

namespace Executor.Engine;

/// <summary>One registration of an executor, as the executor has it. When a later one has taken its place, nothing it says counts.</summary>
internal sealed class EngineConnection(ExecutionEngine engine, BoardExecutor executor) : IExecutorConnection
{
    public TimeSpan? Lease => executor.Lease;

    public IReadOnlyList<TaskAttempt> Stale { get; set; } = [];

    public IReadOnlyList<TaskAttempt>? Heartbeat(IReadOnlyList<TaskAttempt> running) =>
        engine.Tell((board, now) => board.Executors.Heartbeat(executor, running, now));

    public ValueTask OutputAsync(TaskAttempt task, OutputStream stream, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        engine.TakeOutput(executor, task, stream, data.Span);
        return ValueTask.CompletedTask;
    }

    public Task<bool> ReportAsync(TaskAttempt task, TaskResult result) => engine.TakeReportAsync(executor, task, result);

    public void Drain() => engine.Tell((board, _) => board.Executors.Drained(executor));

    public void Disconnected() => engine.Tell((board, now) => board.Executors.Disconnected(executor, now));

    public void Leave() => engine.Tell((board, now) => board.Executors.Leave(executor, now));
}
