using System.Text;
using Executor.Scheduling;
using Executor.Tasks;

namespace Executor.Executors.Conversation;

/// <summary>A server with one executor: it records what comes of the attempts that it gave, each as long as it is the executor's own.</summary>
internal sealed class SimulatedServer : IExecutorGateway
{
    private readonly List<TaskAttempt> _owned = [];
    private IExecutorLink? _link;

    /// <summary>What has arrived of each attempt's output.</summary>
    public Dictionary<TaskAttempt, string> Output { get; } = [];

    /// <summary>The results that were taken.</summary>
    public List<TaskResult> Results { get; } = [];

    /// <summary>Attempts that were taken away from the executor.</summary>
    public HashSet<TaskAttempt> Lost { get; } = [];

    public static TaskResult ResultOf(TaskAttempt task, string stdout) =>
        new() { TaskId = task.TaskId, Attempt = task.Attempt, Status = ExecutionStatus.Completed, Stdout = stdout };

    public Task<IExecutorConnection> RegisterAsync(RegisterMessage register, IExecutorLink link, CancellationToken cancellationToken)
    {
        // What it does not name is lost; what it names and is not its own, it is to stop.
        Lost.UnionWith(_owned.Except(register.Running));
        _owned.RemoveAll(Lost.Contains);
        _link = link;
        Connection connection = new(this, link);
        link.Attach(connection);
        link.Send(new RegisteredMessage { Stale = [.. register.Running.Except(_owned)] });
        return Task.FromResult<IExecutorConnection>(connection);
    }

    public void Give(TaskAttempt task)
    {
        _owned.Add(task);
        _link!.Send(new TaskAssignment(new TaskSpec { TaskId = task.TaskId, Code = "1" }, task.Attempt, []));
    }

    /// <summary>Takes an attempt away, as when its lease runs out.</summary>
    public void Lose(int number)
    {
        if (_owned.Count > 0)
        {
            TaskAttempt task = _owned[number % _owned.Count];
            _owned.Remove(task);
            Lost.Add(task);
            _link!.Send(new CancelMessage(task, IsLost: true));
        }
    }

    private sealed class Connection(SimulatedServer server, IExecutorLink link) : IExecutorConnection
    {
        public Task SendAsync(ExecutorMessage message, CancellationToken cancellationToken)
        {
            switch (message)
            {
                case OutputMessage piece when server._owned.Contains(piece.Task):
                    server.Output[piece.Task] = server.Output.GetValueOrDefault(piece.Task, "") + Encoding.UTF8.GetString(piece.Data.Span);
                    break;
                case ResultMessage result:
                    bool accepted = server._owned.Remove(result.Task);
                    if (accepted)
                    {
                        server.Results.Add(result.Result);
                    }

                    link.Send(new AcknowledgedMessage(result.Task, accepted));
                    break;
            }

            return Task.CompletedTask;
        }
    }
}
