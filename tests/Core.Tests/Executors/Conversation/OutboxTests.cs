using System.Text;
using Executor.Scheduling;
using Executor.Tasks;

namespace Executor.Executors.Conversation;

public sealed class OutboxTests
{
    private static readonly TaskAttempt One = new("one", 1);
    private static readonly TaskAttempt Two = new("two", 1);

    private readonly Outbox _outbox = new([One, Two], 8 << 20);

    [Fact]
    public void Attempts_take_turns_signs_of_life_go_first_and_results_last()
    {
        Print(One, "a", "b");
        Print(Two, "c");
        _ = _outbox.Add(Result(One));
        _outbox.AddPlan(new DrainMessage());
        _outbox.Add(new HeartbeatMessage([One]));
        _outbox.Add(new HeartbeatMessage([One, Two]));

        Assert.Equal(["alive: one#1 two#1", "DrainMessage", "one#1: a", "two#1: c", "one#1: b", "result of one#1"], TakeAll());
    }

    [Fact]
    public void New_connection_gets_what_did_not_arrive_and_no_old_signs_of_life()
    {
        Print(One, "a", "b", "c");
        _ = _outbox.Add(Result(One));
        _outbox.AddPlan(new DrainMessage());
        Assert.Equal(["DrainMessage", "one#1: a", "one#1: b", "one#1: c", "result of one#1"], TakeAll());
        _outbox.Add(new HeartbeatMessage([One]));

        _outbox.Rewind([new ReceivedOutput("one", 1, 2)]);

        Assert.Equal(["DrainMessage", "one#1: c", "result of one#1"], TakeAll());
    }

    [Fact]
    public async Task Result_is_waited_for_until_it_is_acknowledged_and_its_attempt_is_held_until_then()
    {
        Task taken = _outbox.Add(Result(One));
        TakeAll();
        Assert.False(taken.IsCompleted);
        Assert.Equal([One, Two], _outbox.Held);

        _outbox.Acknowledge(One);

        await taken;
        Assert.Equal([Two], _outbox.Held);
        _outbox.Rewind([]);
        Assert.Empty(TakeAll());
    }

    [Fact]
    public void Result_that_could_not_be_sent_gives_way_to_another()
    {
        _ = _outbox.Add(Result(One));
        TakeAll();

        Task taken = _outbox.Add(Result(One) with { Result = new TaskResult { TaskId = "one", Status = ExecutionStatus.Failed } });

        Assert.Equal(ExecutionStatus.Failed, Assert.IsType<ResultMessage>(_outbox.Take()).Result.Status);
        _outbox.Acknowledge(One);
        Assert.True(taken.IsCompletedSuccessfully);
    }

    [Fact]
    public void Output_of_an_attempt_that_is_lost_is_passed_over_and_its_result_is_sent_to_be_refused()
    {
        _outbox.Lose(One);
        Print(One, "a");
        _ = _outbox.Add(Result(One));

        Assert.Equal(["result of one#1"], TakeAll());
        Assert.Equal([Two], _outbox.Held);
    }

    [Fact]
    public async Task Program_that_prints_faster_than_the_connection_takes_is_slowed_down()
    {
        Task added = _outbox.Add(new OutputMessage(One, OutputStream.Stdout, new byte[1 << 20]));
        Assert.False(added.IsCompleted);
        TakeAll();
        await added;
    }

    [Fact]
    public async Task Outbox_that_gives_up_lets_everybody_go()
    {
        Task reporting = _outbox.Add(Result(One));
        Task printing = _outbox.Add(new OutputMessage(Two, OutputStream.Stdout, new byte[1 << 20]));
        _outbox.Clear();
        await reporting;
        await printing;
        Assert.Empty(TakeAll());
        Assert.Empty(_outbox.Held);
    }

    [Theory]
    [InlineData(8 << 20, 25)]
    [InlineData(0, null)]
    public void Output_that_was_sent_is_kept_in_bounds(long maxKeptBytes, int? first)
    {
        Outbox outbox = new([One], maxKeptBytes);
        for (int i = 0; i < 40; i++)
        {
            _ = outbox.Add(new OutputMessage(One, OutputStream.Stdout, new byte[1 << 19]));
            outbox.Take();
        }

        outbox.Rewind([]);
        Assert.Equal(first, (int?)(outbox.Take() as OutputMessage)?.Seq);
    }

    private static ResultMessage Result(TaskAttempt task) => new(task, new TaskResult { TaskId = task.TaskId, Status = ExecutionStatus.Completed });

    private void Print(TaskAttempt task, params string[] pieces)
    {
        foreach (string piece in pieces)
        {
            _ = _outbox.Add(new OutputMessage(task, OutputStream.Stdout, Encoding.UTF8.GetBytes(piece)));
        }
    }

    private List<string> TakeAll()
    {
        List<string> taken = [];
        while (_outbox.Take() is ExecutorMessage message)
        {
            taken.Add(message switch
            {
                OutputMessage piece => $"{piece.Task}: {Encoding.UTF8.GetString(piece.Data.Span)}",
                ResultMessage result => $"result of {result.Task}",
                HeartbeatMessage heartbeat => $"alive: {string.Join(' ', heartbeat.Running)}",
                _ => message.GetType().Name,
            });
        }

        return taken;
    }
}
