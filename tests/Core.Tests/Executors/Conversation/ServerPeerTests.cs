using Executor.Scheduling;
using Executor.Tasks;

namespace Executor.Executors.Conversation;

public sealed class ServerPeerTests : IExecutorLink
{
    private static readonly TaskAttempt Attempt = new("t", 1);

    private readonly ServerPeer _server;
    private readonly List<ServerMessage> _told = [];
    private Task? _report;

    public ServerPeerTests()
    {
        _server = new ServerPeer(new ExecutorRegistration { ExecutorId = "e", Host = "h" }, [], this, maxKeptBytes: 0);
        _server.Take(new RegisteredMessage());
        _server.Take(new TaskAssignment(new TaskSpec { TaskId = "t", Code = "1" }, 1, []));
    }

    [Fact]
    public void Executor_has_been_told_what_became_of_its_result_when_the_report_ends()
    {
        _report = _server.SendAsync(Result(), CancellationToken.None);

        _server.Take(new AcknowledgedMessage(Attempt, Accepted: true));

        Assert.Contains(new AcknowledgedMessage(Attempt, Accepted: true), _told);
        Assert.True(_report.IsCompletedSuccessfully);
    }

    [Fact]
    public void Registration_on_a_next_connection_is_told_the_executor_as_the_attempts_that_it_lost()
    {
        RegisterMessage again = _server.Register();
        _server.Take(new RegisteredMessage { Stale = [Attempt] });

        Assert.Equal([Attempt], again.Running);
        Assert.Single(_told.OfType<RegisteredMessage>());
        Assert.Equal(new CancelMessage(Attempt, IsLost: true), _told[^1]);
        Assert.Empty(_server.Register().Running);
    }

    [Fact]
    public void Nothing_is_sent_between_a_registration_and_its_answer()
    {
        _server.Register();
        _ = _server.SendAsync(Result(), CancellationToken.None);
        Assert.Null(_server.TryTake());

        _server.Take(new RegisteredMessage());

        Assert.Equal(Attempt, Assert.IsType<ResultMessage>(_server.TryTake()).Task);
    }

    [Fact]
    public void Leaving_is_the_last_word_and_lets_who_waits_go()
    {
        _report = _server.SendAsync(Result(), CancellationToken.None);

        _ = _server.SendAsync(new LeaveMessage(), CancellationToken.None);
        _ = _server.SendAsync(new HeartbeatMessage([]), CancellationToken.None);

        Assert.True(_report.IsCompletedSuccessfully);
        Assert.IsType<LeaveMessage>(_server.TryTake());
        Assert.Null(_server.TryTake());
    }

    [Fact]
    public void Drain_is_said_for_the_executor_and_with_every_registration_after_it()
    {
        _server.Take(new DrainedMessage());

        Assert.IsType<DrainMessage>(_server.TryTake());
        Assert.True(_server.Register().IsDraining);
    }

    void IExecutorLink.Attach(IExecutorConnection connection) => Assert.Same(_server, connection);

    void IExecutorLink.Send(ServerMessage message)
    {
        if (message is AcknowledgedMessage)
        {
            Assert.False(_report!.IsCompleted);
        }

        _told.Add(message);
    }

    private static ResultMessage Result() => new(Attempt, new TaskResult { TaskId = "t", Status = ExecutionStatus.Completed });
}
