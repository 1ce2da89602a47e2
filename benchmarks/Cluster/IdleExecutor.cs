using Executor.Executors;
using Executor.Scheduling;
using Executor.Tasks;

namespace Executor.Benchmarks.Cluster;

/// <summary>An executor whose tasks end as soon as they begin: what is measured is everything else.</summary>
internal sealed class IdleExecutor : IExecutorLink
{
    private IExecutorConnection? _connection;

    public void Attach(IExecutorConnection connection) => _connection = connection;

    public void Run(TaskAssignment assignment) => _ = _connection!.ReportAsync(assignment.Task, new TaskResult
    {
        TaskId = assignment.Spec.TaskId!,
        Attempt = assignment.Attempt,
        Status = ExecutionStatus.Completed,
        ExitCode = 0,
        ExecutorType = RunnerKind.Localhost,
        RuntimeId = "python",
        StartTimeMs = 1,
        EndTimeMs = 1,
    });

    public void Beat() => _connection?.Heartbeat([]);

    public void Cancel(TaskAttempt task)
    {
    }

    public void Drain()
    {
    }

    public void Close(string reason) => Console.Error.WriteLine($"An executor was closed: {reason}");
}
