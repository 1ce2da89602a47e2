using Executor.Executors;
using Executor.Scheduling;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Engine.Board;

/// <summary>Things that happen to a board, one by one.</summary>
public sealed class TaskBoardTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);
    private readonly SimulatedStore _store = new();
    private readonly SimulatedExecutor _executor = new("e", [], Lease);
    private TaskBoard _board = new(new BoardOptions(), () => 0);
    private DateTimeOffset _now = new(2031, 5, 17, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Idle_board_has_nothing_due() => Assert.Null(_board.NextDue);

    [Fact]
    public void Next_due_is_the_first_of_lease_queue_timeout_and_cancel()
    {
        Submit(Spec("t") with { QueueTimeout = TimeSpan.FromSeconds(20) });
        Assert.Equal(_now + TimeSpan.FromSeconds(20), _board.NextDue);

        Register();
        Assert.Equal(_now + Lease, _board.NextDue);

        _board.Attempts.Cancel("t", _now);
        Assert.Equal(_now + TimeSpan.FromSeconds(10), _board.NextDue);
    }

    [Fact]
    public void Stopped_board_gives_nothing_and_takes_nothing()
    {
        Register();
        Submit(Spec("t"));
        _board.TakeEffects();
        Assert.Same(_executor, Assert.Single(_board.Stop()));

        Submit(Spec("u"));

        Assert.Empty(_board.TakeEffects());
        Assert.False(Report("t", 1, AttemptOutcome.Completed));
        Assert.Null(_board.Executors.Heartbeat(_executor.Registration!, [], _now));
        Assert.Null(_board.NextDue);
    }

    [Fact]
    public void Task_that_is_cancelled_while_its_spec_is_read_is_told_to_nobody_and_its_slot_is_free()
    {
        _board = new TaskBoard(new BoardOptions { MaxSpecBytes = 0 }, () => 0);
        Register();
        Submit(Spec("t"));
        ReadSpecs read = Assert.Single(_board.TakeEffects().OfType<ReadSpecs>());
        Submit(Spec("u"));

        Assert.Equal(CancelOutcome.Cancelled, _board.Attempts.Cancel("t", _now));

        IReadOnlyList<BoardEffect> effects = _board.TakeEffects();
        Assert.Equal("t", Assert.Single(effects.OfType<StoreEnd>()).Result.TaskId);
        Assert.Equal("u", Assert.Single(Assert.Single(effects.OfType<ReadSpecs>()).Runs).Task.TaskId);
        _board.Attempts.SpecsRead(read.Runs, new Dictionary<string, TaskSpec> { ["t"] = Spec("t") }, _now);
        Assert.Empty(_board.TakeEffects());
    }

    [Fact]
    public void Task_that_somebody_has_removed_from_the_store_ends_instead_of_keeping_a_slot()
    {
        _board = new TaskBoard(new BoardOptions { MaxSpecBytes = 0 }, () => 0);
        Register();
        Submit(Spec("t"));
        ReadSpecs read = Assert.Single(_board.TakeEffects().OfType<ReadSpecs>());

        _board.Attempts.SpecsRead(read.Runs, new Dictionary<string, TaskSpec>(), _now);

        Assert.Equal(ExecutionStatus.Cancelled, Assert.Single(_board.TakeEffects().OfType<StoreEnd>()).Result.Status);
        Assert.Equal(0, _board.Load().Running);
    }

    [Fact]
    public void Executor_that_comes_back_is_told_again_what_to_stop()
    {
        Register();
        Submit(Spec("t"));
        _board.Executors.Disconnected(_executor.Registration!, _now);
        _board.Attempts.Cancel("t", _now);
        _board.TakeEffects();

        Register(new TaskAttempt("t", 1));

        Assert.Equal(new TaskAttempt("t", 1), Assert.Single(_board.TakeEffects().OfType<StopAttempt>()).Attempt);
    }

    [Fact]
    public void Cache_is_asked_when_the_parents_have_completed()
    {
        Register();
        Submit(Spec("parent"), Spec("child") with { Cache = new CacheOptions(), DependsOn = ["parent"] });
        Assert.Empty(_board.TakeEffects().OfType<LookUpCache>());

        Report("parent", 1, AttemptOutcome.Completed);
        StoreEnd end = Assert.Single(_board.TakeEffects().OfType<StoreEnd>());
        _board.Attempts.EndStored(end.Task, end.Result, _now);

        Assert.Equal("child", Assert.Single(_board.TakeEffects().OfType<LookUpCache>()).Task.TaskId);
    }

    [Fact]
    public void Task_that_ended_while_it_was_submitted_once_more_does_not_run_again()
    {
        Register();
        Submission again = _board.Submits.Submit([new TaskSubmission(Spec("t"), _now)], null);
        Submit(Spec("t"));
        SubmitOutcome outcome = _store.Submit(again.Tasks[0]);
        Report("t", 1, AttemptOutcome.Completed);
        StoreEnd end = Assert.Single(_board.TakeEffects().OfType<StoreEnd>());
        _board.Attempts.EndStored(end.Task, end.Result, _now);
        _board.TakeEffects();

        Assert.Equal(0, _board.Submits.Stored(again, [outcome], _now));

        Assert.Equal((SubmitStatus.Existing, ExecutionStatus.Pending), (outcome.Status, outcome.State.Status));
        Assert.Empty(_board.TakeEffects());
    }

    [Fact]
    public void Task_whose_submit_was_stored_though_nobody_heard_waits_for_its_parents_when_it_is_submitted_again()
    {
        TaskSpec child = Spec("child") with { DependsOn = ["parent"] };
        Submit(Spec("parent"));
        Submission lost = _board.Submits.Submit([new TaskSubmission(child, _now)], null);
        Link(lost);
        _store.Submit(lost.Tasks[0]);
        _board.Submits.StoreFailed(lost);

        Submit(child);
        Register();

        Assert.Equal("parent", Assert.Single(_board.TakeEffects().OfType<RunAttempt>()).Task.TaskId);
        Assert.Equal(2, _board.Count);
    }

    [Fact]
    public void Slot_is_kept_until_the_result_is_stored_when_too_many_are_on_their_way()
    {
        _board = new TaskBoard(new BoardOptions { MaxUnstoredResults = 0 }, () => 0);
        Register();
        Submit(Spec("t"));
        Submit(Spec("u"));
        Report("t", 1, AttemptOutcome.Completed);
        StoreEnd end = Assert.Single(_board.TakeEffects().OfType<StoreEnd>());
        Assert.Equal(1, _board.Load().Running);

        _board.Attempts.EndStored(end.Task, end.Result, _now);

        Assert.Equal("u", Assert.Single(_board.TakeEffects().OfType<RunAttempt>()).Task.TaskId);
    }

    [Fact]
    public void Slot_is_kept_until_the_result_is_stored_when_those_on_their_way_are_large()
    {
        _board = new TaskBoard(new BoardOptions { MaxUnstoredBytes = 1_000 }, () => 0);
        Register();
        Submit(Spec("t"));
        Submit(Spec("u"));
        Submit(Spec("v"));
        TaskAttempt t = new("t", 1);
        _board.Attempts.Report(_executor.Registration!, t, SimulatedExecutor.ResultOf(t, AttemptOutcome.Completed) with { Stdout = new string('x', 500) }, _now);
        Report("u", 1, AttemptOutcome.Completed);
        StoreEnd[] ends = [.. _board.TakeEffects().OfType<StoreEnd>()];
        Assert.Equal(1, _board.Load().Running);

        _board.Attempts.EndStored(ends[0].Task, ends[0].Result, _now);
        Assert.Equal(1, _board.Load().Running);
        Assert.Empty(_board.TakeEffects().OfType<RunAttempt>());
        _board.Attempts.EndStored(ends[1].Task, ends[1].Result, _now);

        Assert.Equal("v", Assert.Single(_board.TakeEffects().OfType<RunAttempt>()).Task.TaskId);
    }

    private static TaskSpec Spec(string id) => new() { TaskId = id, Language = "python", Code = "print(1)" };

    private void Submit(params TaskSpec[] specs)
    {
        Submission submission = _board.Submits.Submit([.. specs.Select(spec => new TaskSubmission(spec, _now))], null);
        if (specs.Any(spec => spec.DependsOn is not null))
        {
            Link(submission);
        }

        _board.Submits.Stored(submission, [.. submission.Tasks.Select(_store.Submit)], _now);
    }

    private void Link(Submission submission)
    {
        HashSet<string> stored = [.. submission.Tasks.Select(task => task.Spec.TaskId!).Where(id => _store.SpecOf(id) is not null)];
        Dictionary<string, ExecutionStatus?> looked = [];
        while (_board.Submits.Link(submission, stored, looked) is { Count: > 0 } missing)
        {
            missing.ToList().ForEach(id => looked.Add(id, _store.EndOf(id)));
        }
    }

    private void Register(params TaskAttempt[] running)
    {
        _executor.Register(maxTasks: 1, number: 1, _now);
        _board.Executors.Register(_executor.Registration!, running, new Dictionary<string, TaskSpec>(), isDrained: false, _now);
    }

    private bool Report(string id, int attempt, AttemptOutcome outcome) => _board.Attempts.Report(
        _executor.Registration!, new TaskAttempt(id, attempt), SimulatedExecutor.ResultOf(new TaskAttempt(id, attempt), outcome), _now);
}
