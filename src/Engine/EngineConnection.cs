using Executor.Engine.Board;
using Executor.Executors;
using Executor.Scheduling;

namespace Executor.Engine;

/// <summary>One registration of an executor, as the executor has it. When a later one has taken its place, nothing it says counts.</summary>
internal sealed class EngineConnection(ExecutionEngine engine, BoardExecutor executor) : IExecutorConnection
{
    public Task SendAsync(ExecutorMessage message, CancellationToken cancellationToken)
    {
        switch (message)
        {
            case OutputMessage piece:
                engine.TakeOutput(executor, piece);
                break;
            case ResultMessage result:
                return ReportAsync(result).WaitAsync(cancellationToken);
            case HeartbeatMessage heartbeat:
                Renew(heartbeat);
                break;
            case DrainMessage:
                engine.Tell((board, _) => board.Executors.Drained(executor));
                break;
            case DisconnectedMessage:
                engine.Tell((board, now) => board.Executors.Disconnected(executor, now));
                break;
            case LeaveMessage:
                engine.Tell((board, now) => board.Executors.Leave(executor, now));
                break;
            default:
                throw new ArgumentException($"{message.GetType().Name} is not said on a connection of a registered executor.", nameof(message));
        }

        return Task.CompletedTask;
    }

    private async Task ReportAsync(ResultMessage result)
    {
        bool accepted = await engine.TakeReportAsync(executor, result);
        executor.Link.Send(new AcknowledgedMessage(result.Task, accepted));
    }

    private void Renew(HeartbeatMessage heartbeat)
    {
        if (engine.Tell((board, now) => board.Executors.Heartbeat(executor, heartbeat.Running, now)) is not IReadOnlyList<TaskAttempt> stale)
        {
            executor.Link.Send(new ClosedMessage(
                $"executor '{executor.Id}' is not registered any more (its lease ran out, or another one has its id)"));
            return;
        }

        foreach (TaskAttempt task in stale)
        {
            executor.Link.Send(new CancelMessage(task, IsLost: true));
        }
    }
}
