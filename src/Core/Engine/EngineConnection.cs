using Executor.Executors;
using Executor.Runners;
using Executor.Scheduling;
using Executor.Tasks;

namespace Executor.Engine;

/// <summary>One registration of an executor. When a later one has taken its place, nothing it says counts.</summary>
internal sealed class EngineConnection(ExecutionEngine engine, string executorId, TimeSpan? lease) : IExecutorConnection
{
    public string ExecutorId { get; } = executorId;

    public TimeSpan? Lease { get; } = lease;

    public IReadOnlyList<TaskAttempt> Stale { get; set; } = [];

    public IReadOnlyList<TaskAttempt>? Heartbeat(IReadOnlyList<TaskAttempt> running) => engine.Heartbeat(this, running);

    public ValueTask OutputAsync(TaskAttempt task, OutputStream stream, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        engine.TakeOutput(this, task, stream, data.Span);
        return ValueTask.CompletedTask;
    }

    public Task<bool> ReportAsync(TaskAttempt task, TaskResult result) => engine.TakeReportAsync(this, task, result);

    public void Drain() => engine.Drain(this);

    public void Disconnected() => engine.Disconnected(this);

    public void Leave() => engine.Leave(this);
}
