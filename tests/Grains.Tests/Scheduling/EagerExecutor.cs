using Executor.Executors;
using Executor.Tasks;

namespace Executor.Grains.Scheduling;

/// <summary>An executor whose tasks take a moment and succeed; it counts how many it runs at once.</summary>
internal sealed class EagerExecutor(string id) : IExecutorLink
{
    private IExecutorConnection? _connection;
    private int _running;
    private int _most;

    public string Id { get; } = id;

    public int MostAtOnce => Volatile.Read(ref _most);

    public void Attach(IExecutorConnection connection) => _connection = connection;

    public void Send(ServerMessage message)
    {
        if (message is TaskAssignment assignment)
        {
            Run(assignment);
        }
    }

    private void Run(TaskAssignment assignment)
    {
        int running = Interlocked.Increment(ref _running);
        for (int most = _most; running > most && Interlocked.CompareExchange(ref _most, running, most) != most; most = _most)
        {
        }

        _ = Task.Run(async () =>
        {
            await Task.Yield();
            Interlocked.Decrement(ref _running);
            TaskResult result = new() { TaskId = assignment.Spec.TaskId!, Attempt = assignment.Attempt, Status = ExecutionStatus.Completed };
            await _connection!.SendAsync(new ResultMessage(assignment.Task, result), CancellationToken.None);
        });
    }
}
