using Executor.Executors;
using Executor.Tasks;

namespace Executor.Benchmarks.Cluster;

/// <summary>An executor whose tasks end as soon as they begin: what is measured is everything else.</summary>
internal sealed class IdleExecutor : IExecutorLink
{
    private IExecutorConnection? _connection;

    public void Attach(IExecutorConnection connection) => _connection = connection;

    public void Send(ServerMessage message)
    {
        switch (message)
        {
            case TaskAssignment assignment:
                Say(new ResultMessage(assignment.Task, new TaskResult
                {
                    TaskId = assignment.Spec.TaskId!,
                    Attempt = assignment.Attempt,
                    Status = ExecutionStatus.Completed,
                    ExitCode = 0,
                    ExecutorType = RunnerKind.Localhost,
                    RuntimeId = "python",
                    StartTimeMs = 1,
                    EndTimeMs = 1,
                }));
                break;
            case ClosedMessage closed:
                Console.Error.WriteLine($"An executor was closed: {closed.Reason}");
                break;
        }
    }

    public void Beat() => Say(new HeartbeatMessage([]));

    private void Say(ExecutorMessage message) => _ = _connection?.SendAsync(message, CancellationToken.None);
}
