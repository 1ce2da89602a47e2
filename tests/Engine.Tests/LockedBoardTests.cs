using Executor.Engine.Board;
using Executor.Executors;

namespace Executor.Engine;

/// <summary>A board's timer: it fires when something is due, and does not poll.</summary>
public sealed class LockedBoardTests
{
    private readonly FakeTimeProvider _time = new();
    private int _fired;

    [Fact]
    public void Timer_of_a_board_with_nothing_due_never_fires()
    {
        using LockedBoard board = Board();

        Register(board, lease: null);
        _time.Advance(TimeSpan.FromDays(1));

        Assert.Equal(0, _fired);
    }

    [Fact]
    public void Timer_fires_when_a_lease_has_run_out_and_not_before()
    {
        using LockedBoard board = Board();
        Register(board, TimeSpan.FromSeconds(5));

        _time.Advance(TimeSpan.FromMilliseconds(4_999));
        Assert.Equal(0, _fired);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(1, _fired);
        Assert.Single(board.ApplyDue().OfType<CloseLostExecutor>());
        _time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(1, _fired);
    }

    [Fact]
    public void Timer_that_fires_for_a_lease_renewed_meanwhile_is_set_again()
    {
        using LockedBoard board = Board();
        BoardExecutor executor = Register(board, TimeSpan.FromSeconds(5));
        _time.Advance(TimeSpan.FromSeconds(3));
        board.Apply((board, now) => board.Executors.Heartbeat(executor, [], now), out _);

        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(1, _fired);
        Assert.Empty(board.ApplyDue());
        _time.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(2, _fired);
        Assert.NotEmpty(board.ApplyDue());
    }

    [Fact]
    public void Timer_looks_again_after_a_minute_whatever_is_due()
    {
        using LockedBoard board = Board();
        Register(board, TimeSpan.FromHours(1));

        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(1, _fired);
    }

    private LockedBoard Board() => new(new TaskBoard(new BoardOptions(), () => 0), _time, () => _fired++);

    private static BoardExecutor Register(LockedBoard board, TimeSpan? lease)
    {
        ExecutorRegistration registration = new() { ExecutorId = "e", Host = "host" };
        return board.Apply(
            (board, now) =>
            {
                BoardExecutor executor = new(registration, registration.ToOffer(lease), lease, new SimulatedExecutor("e", [], lease), now);
                board.Executors.Register(executor, [], new Dictionary<string, Tasks.TaskSpec>(), isDrained: false, now);
                return executor;
            },
            out _);
    }
}
