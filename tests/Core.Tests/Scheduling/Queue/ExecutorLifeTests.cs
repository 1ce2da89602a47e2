using static Executor.Scheduling.Samples;

namespace Executor.Scheduling;

public sealed class ExecutorLifeTests
{
    private static readonly TaskAttempt A = new("a", 1);
    private static readonly TaskAttempt B = new("b", 1);

    private readonly SchedulingQueue _queue = new();

    public ExecutorLifeTests()
    {
        _queue.Register("e", Slots(2) with { Lease = TimeSpan.FromSeconds(10) });
        _queue.Enqueue(Task("a"), Task("b"));
        Assert.Equal(["a@e", "b@e"], _queue.AssignAt(1));
    }

    [Fact]
    public void Silent_executor_is_lost_with_what_it_holds()
    {
        Assert.Equal(At(10), _queue.NextDue);
        Assert.Empty(_queue.ExpireLeases(At(9.9)).LostExecutors);

        LeaseSweep sweep = _queue.ExpireLeases(At(10));

        Assert.Equal(["e"], sweep.LostExecutors);
        Assert.Equal([new HeldTask(A, "e"), new HeldTask(B, "e")], sweep.LostTasks);
        Assert.Empty(_queue.Executors());
        Assert.IsType<HeartbeatFromUnknownExecutor>(_queue.Heartbeat("e", [A], At(11)));
        Assert.Equal(ReleaseResult.NotHeld, _queue.Release("e", A));
    }

    [Fact]
    public void Heartbeat_renews_the_executor_and_the_tasks_it_names()
    {
        Assert.Empty(Assert.IsType<HeartbeatAccepted>(_queue.Heartbeat("e", [A], At(8))).Stale);

        LeaseSweep sweep = _queue.ExpireLeases(At(17.9));

        Assert.Empty(sweep.LostExecutors);
        Assert.Equal([new HeldTask(B, "e")], sweep.LostTasks);
        Assert.Equal(["e"], _queue.ExpireLeases(At(18)).LostExecutors);
    }

    [Fact]
    public void Heartbeat_is_told_of_what_the_executor_must_stop()
    {
        TaskAttempt old = new("a", 9);

        HeartbeatResult result = _queue.Heartbeat("e", [A, old, new TaskAttempt("x", 1)], At(2));

        Assert.Equal([old, new TaskAttempt("x", 1)], Assert.IsType<HeartbeatAccepted>(result).Stale);
    }

    [Fact]
    public void Reconnected_executor_keeps_what_it_still_runs()
    {
        TaskAttempt other = new("other", 3);

        Registration registration = _queue.Register("e", Slots(2) with { Lease = TimeSpan.FromSeconds(10) }, [B, other], At(5));

        Assert.Equal([A], registration.Lost);
        Assert.Equal([other], registration.Stale);
        Assert.Equal(new HeldTask(B, "e"), Assert.IsType<TaskIsHeld>(_queue.Cancel("b")).Held);
        Assert.IsType<TaskNotFound>(_queue.Cancel("a"));
        Assert.Equal(At(15), _queue.NextDue);
        Assert.Equal(ReleaseResult.Released, _queue.Release("e", B));
    }

    [Fact]
    public void Executor_that_comes_back_smaller_keeps_what_fits()
    {
        Registration registration = _queue.Register("e", Slots(1), [A, B], At(5));

        Assert.Equal([B], registration.Lost);
        Assert.Equal([B], registration.Stale);
        Assert.Equal(1, Assert.Single(_queue.Executors()).Held);
    }

    [Fact]
    public void Draining_executor_finishes_what_it_has_and_gets_nothing_more()
    {
        _queue.Enqueue(Task("c"));

        Assert.Equal([A, B], _queue.Drain("e"));
        _queue.Finish("e", "a");
        Assert.Empty(_queue.AssignAt(2));
        Assert.Empty(_queue.AssignTo("e", 1, At(2)));
        Assert.Equal([B], _queue.Drain("e"));
        Assert.True(Assert.Single(_queue.Executors()).IsDraining);

        _queue.Register("e", Slots(2), [B], At(3));
        Assert.Equal(["c@e"], _queue.AssignAt(3));
    }

    [Fact]
    public void Lost_executor_gives_its_tasks_back_and_they_may_be_enqueued_again()
    {
        Assert.Equal([A, B], _queue.Lose("e"));
        Assert.Empty(_queue.Lose("e"));
        Assert.Equal((0, 0), (_queue.HeldCount, _queue.WaitingCount));
        Assert.Null(_queue.NextDue);

        _queue.Register("f", Slots(1));
        _queue.Enqueue(Task("a") with { Attempt = 2 });
        Assert.Equal(["a@f"], _queue.AssignAt(3));
        Assert.Equal(ReleaseResult.NotHeld, _queue.Release("e", A));
        Assert.Equal(ReleaseResult.NotHeld, _queue.Release("f", A));
        Assert.Equal(ReleaseResult.Released, _queue.Release("f", new TaskAttempt("a", 2)));
    }

    [Fact]
    public void Executor_without_a_lease_is_never_lost_by_silence()
    {
        SchedulingQueue queue = new();
        queue.Register("in process", Slots(1));
        queue.Enqueue(Task("a"));
        Assignment given = Assert.Single(queue.Assign(Start));

        Assert.Null(given.LeaseExpiresAt);
        Assert.Null(queue.NextDue);
        Assert.Empty(queue.ExpireLeases(At(1e9)).LostTasks);
        Assert.IsType<HeartbeatAccepted>(queue.Heartbeat("in process", [A], At(1)));
    }

    [Fact]
    public void Unknown_executor_is_passed_over()
    {
        Assert.Empty(_queue.Drain("nobody"));
        Assert.Empty(_queue.Lose("nobody"));
        Assert.IsType<HeartbeatFromUnknownExecutor>(_queue.Heartbeat("nobody", [], At(1)));
    }
}
