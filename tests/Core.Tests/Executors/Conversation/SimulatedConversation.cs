using System.Text;
using Executor.Scheduling;
using Executor.Tasks;

namespace Executor.Executors.Conversation;

/// <summary>
/// A server and an executor, each behind its side of the conversation, and between them queues for a wire: what is in them when the
/// connection breaks is gone. Each step is a byte, so that a history that fails gets shorter.
/// </summary>
internal sealed class SimulatedConversation : IExecutorLink
{
    private static readonly ExecutorRegistration Registration = new() { ExecutorId = "e", Host = "h" };

    private readonly SimulatedServer _server = new();
    private readonly ServerPeer _up;
    private readonly Queue<ServerMessage> _down = [];
    private readonly Queue<ExecutorMessage> _wire = [];
    private readonly List<TaskAttempt> _running = [];
    private readonly Dictionary<TaskAttempt, string> _printed = [];
    private readonly List<(TaskAttempt Task, Task Done)> _reports = [];
    private ExecutorPeer? _executor;
    private int _given;
    private int _pieces;

    public SimulatedConversation() => _up = new ServerPeer(Registration, [], this, maxKeptBytes: 1 << 20);

    public void Attach(IExecutorConnection connection) => Assert.Same(_up, connection);

    public void Send(ServerMessage message)
    {
        switch (message)
        {
            case TaskAssignment run:
                Assert.DoesNotContain(run.Task, _running);
                _running.Add(run.Task);
                _printed[run.Task] = "";
                break;
            case CancelMessage cancel:
                Assert.True(cancel.IsLost);
                _running.Remove(cancel.Task);
                break;
        }
    }

    public void Play(byte[] steps)
    {
        Connect();
        foreach (byte step in steps)
        {
            Step(step % 16, step / 16);
        }

        Connect();
        Settle();
        foreach (TaskAttempt task in _running.ToArray())
        {
            Report(task);
        }

        Settle();
        Check();
    }

    private void Step(int kind, int number)
    {
        switch (kind)
        {
            case 0 or 1:
                _server.Give(new TaskAttempt($"t{_given++}", 1));
                break;
            case 2 or 3 or 4 or 5 when _running.Count > 0:
                Print(_running[number % _running.Count]);
                break;
            case 6 or 7 when _running.Count > 0:
                Report(_running[number % _running.Count]);
                break;
            case 8:
                _ = _up.SendAsync(new HeartbeatMessage([.. _running]), CancellationToken.None);
                break;
            case 9:
                _server.Lose(number);
                break;
            case 10:
                Connect();
                break;
            case 11 or 12 or 13:
                CarryUp(number);
                break;
            default:
                CarryDown(number);
                break;
        }
    }

    private void Print(TaskAttempt task)
    {
        string piece = $"{_pieces++} ";
        _printed[task] += piece;
        Assert.True(_up.SendAsync(new OutputMessage(task, OutputStream.Stdout, Encoding.UTF8.GetBytes(piece)), CancellationToken.None).IsCompletedSuccessfully);
    }

    private void Report(TaskAttempt task)
    {
        _running.Remove(task);
        _reports.Add((task, _up.SendAsync(new ResultMessage(task, SimulatedServer.ResultOf(task, _printed[task])), CancellationToken.None)));
    }

    /// <summary>Breaks the connection, and makes the next one.</summary>
    private void Connect()
    {
        _wire.Clear();
        _down.Clear();
        ExecutorPeer executor = new(_up.Register(), _executor?.Held, _down.Enqueue);
        _executor = executor;
        Assert.True(executor.RegisterAsync(_server, CancellationToken.None).IsCompletedSuccessfully);
    }

    private void CarryUp(int count)
    {
        while (_up.TryTake() is ExecutorMessage message)
        {
            _wire.Enqueue(message);
        }

        for (; count >= 0 && _wire.TryDequeue(out ExecutorMessage? arrived); count--)
        {
            Assert.True(_executor!.TakeAsync(arrived).IsCompletedSuccessfully);
        }
    }

    private void CarryDown(int count)
    {
        for (; count >= 0 && _down.TryDequeue(out ServerMessage? arrived); count--)
        {
            _up.Take(arrived);
        }
    }

    private void Settle()
    {
        for (int i = 0; i < 3; i++)
        {
            CarryDown(int.MaxValue - 1);
            CarryUp(int.MaxValue - 1);
        }
    }

    private void Check()
    {
        Assert.All(_reports, report => Assert.True(report.Done.IsCompletedSuccessfully, $"{report.Task} was not acknowledged"));
        Assert.Empty(_up.Register().Running);
        foreach ((TaskAttempt task, string printed) in _printed)
        {
            if (_server.Lost.Contains(task))
            {
                Assert.StartsWith(_server.Output.GetValueOrDefault(task, ""), printed, StringComparison.Ordinal);
                continue;
            }

            Assert.Equal(printed, _server.Output.GetValueOrDefault(task, ""));
            Assert.Equal(printed, Assert.Single(_server.Results, result => result.TaskId == task.TaskId).Stdout);
        }
    }
}
