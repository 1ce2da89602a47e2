using System.Text;
using Executor.Executors.Protocol;
using Executor.Scheduling;
using Executor.Tasks;

namespace Executor.Hosting.Working;

public sealed class OutboxTests
{
    private static readonly TaskAttempt One = new("one", 1);
    private static readonly TaskAttempt Two = new("two", 1);

    private readonly Outbox _outbox = new();

    [Fact]
    public async Task Attempts_take_turns_signs_of_life_go_first_and_results_last()
    {
        await AddAsync(One, "a", "b");
        await AddAsync(Two, "c");
        _ = _outbox.ReportAsync(One, Result(One));
        _outbox.Add(new HeartbeatFrame([One, Two]));

        Assert.Equal(["heartbeat", "one:a", "two:c", "one:b", "result of one"], await TakeAsync(5));
    }

    [Fact]
    public async Task New_connection_gets_what_did_not_arrive_and_no_old_signs_of_life()
    {
        await AddAsync(One, "a", "b", "c");
        _ = _outbox.ReportAsync(One, Result(One));
        Assert.Equal(["one:a", "one:b", "one:c", "result of one"], await TakeAsync(4));
        _outbox.Add(new HeartbeatFrame([One]));

        _outbox.Rewind([new ReceivedOutput("one", 1, 2)]);

        Assert.Equal(["one:c", "result of one"], await TakeAsync(2));
    }

    [Fact]
    public async Task Result_is_waited_for_until_it_is_acknowledged()
    {
        Task<bool> taken = _outbox.ReportAsync(One, Result(One));
        await TakeAsync(1);
        Assert.False(taken.IsCompleted);
        _outbox.Acknowledge(new ResultAckFrame("one", 1, Accepted: true));
        Assert.True(await taken);
    }

    [Fact]
    public async Task Program_that_prints_faster_than_the_connection_takes_is_slowed_down()
    {
        byte[] much = new byte[1 << 20];
        ValueTask adding = _outbox.AddAsync(One, OutputStream.Stdout, much, CancellationToken.None);
        Task added = adding.AsTask();
        Assert.False(added.IsCompleted);
        await _outbox.TakeAsync(CancellationToken.None);
        await added;
    }

    [Fact]
    public async Task Closed_outbox_lets_everybody_go()
    {
        Task<bool> reporting = _outbox.ReportAsync(One, Result(One));
        Task adding = _outbox.AddAsync(Two, OutputStream.Stdout, new byte[1 << 20], CancellationToken.None).AsTask();
        _outbox.Close();
        Assert.False(await reporting);
        await adding;
        Assert.False(await _outbox.ReportAsync(Two, Result(Two)));
    }

    [Fact]
    public async Task Output_that_arrived_is_not_kept_and_what_was_sent_is_kept_in_bounds()
    {
        byte[] piece = new byte[1 << 19];
        for (int i = 0; i < 40; i++)
        {
            await _outbox.AddAsync(One, OutputStream.Stdout, piece, CancellationToken.None);
            await _outbox.TakeAsync(CancellationToken.None);
        }

        _outbox.Rewind([]);
        OutputFrame first = Assert.IsType<OutputFrame>(await _outbox.TakeAsync(CancellationToken.None));
        Assert.Equal(25, first.Seq);
    }

    private async Task AddAsync(TaskAttempt task, params string[] pieces)
    {
        foreach (string piece in pieces)
        {
            await _outbox.AddAsync(task, OutputStream.Stdout, Encoding.UTF8.GetBytes(piece), CancellationToken.None);
        }
    }

    private async Task<string[]> TakeAsync(int count)
    {
        string[] taken = new string[count];
        for (int i = 0; i < count; i++)
        {
            taken[i] = await _outbox.TakeAsync(CancellationToken.None) switch
            {
                OutputFrame piece => $"{piece.TaskId}:{piece.Data}",
                ResultFrame result => $"result of {result.TaskId}",
                ExecutorFrame other => other.Type,
            };
        }

        return taken;
    }

    private static TaskResult Result(TaskAttempt task) => new() { TaskId = task.TaskId, Status = ExecutionStatus.Completed };
}
