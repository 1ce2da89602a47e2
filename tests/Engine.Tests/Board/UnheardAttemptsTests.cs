using Executor.Scheduling;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Engine.Board;

/// <summary>How much is on the way to one executor. A large task's spec takes 2 MiB and a little here, so that 15 of them fit.</summary>
public sealed class UnheardAttemptsTests
{
    private const int Fit = 15;
    private const int Slots = 100;
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);
    private static readonly string Large = new('x', 1 << 20);

    private readonly SimulatedStore _store = new();
    private SimulatedExecutor _executor = new("e", [], Lease);
    private TaskBoard _board = new(new BoardOptions(), () => 0);
    private DateTimeOffset _now = new(2031, 5, 17, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Executor_that_names_nothing_is_given_no_more_than_the_bound()
    {
        Register();
        Submit(Enumerable.Range(0, 40).Select(LargeTask));
        TaskAttempt[] first = Given();
        Assert.Equal(Fit, first.Length);

        Beat(first);
        TaskAttempt[] second = Given();

        Assert.Equal(Fit, second.Length);
        Assert.Equal(Enumerable.Range(0, 2 * Fit).Select(i => $"t{i}"), first.Concat(second).Select(attempt => attempt.TaskId));
        Assert.Equal(40, _board.Load().Running);
    }

    [Fact]
    public void Small_tasks_behind_large_ones_keep_their_turn_and_go_when_a_report_makes_room()
    {
        Register();
        Submit([.. Enumerable.Range(0, Fit + 1).Select(LargeTask), Task("small", "print(1)")]);
        Assert.Equal(Fit, Given().Length);

        Report("t3");

        Assert.Equal(["t15", "small"], Given().Select(attempt => attempt.TaskId));
    }

    [Fact]
    public void Task_larger_than_the_bound_goes_alone()
    {
        Register();
        Submit([Task("huge", new string('x', 20 << 20)), LargeTask(1)]);
        Assert.Equal("huge", Assert.Single(Given()).TaskId);

        Beat(new TaskAttempt("huge", 1));

        Assert.Equal("t1", Assert.Single(Given()).TaskId);
    }

    [Fact]
    public void Executor_of_this_process_is_given_everything()
    {
        _executor = new SimulatedExecutor("e", [], lease: null);
        Register();
        Submit(Enumerable.Range(0, 20).Select(LargeTask));

        Assert.Equal(20, Given().Length);
    }

    [Fact]
    public void What_has_not_been_sent_is_lost_with_its_executor()
    {
        Register();
        Submit(Enumerable.Range(0, Fit + 1).Select(LargeTask));
        Given();

        _now += 2 * Lease;
        _board.Due(_now);

        Assert.Equal(Fit + 1, _board.TakeEffects().OfType<StoreRequeue>().Count());
    }

    [Fact]
    public void What_a_living_executor_never_names_is_lost_and_makes_room_for_what_has_not_been_sent()
    {
        Register();
        Submit(Enumerable.Range(0, Fit + 1).Select(LargeTask));
        Given();

        // It lives, and names none of what it was sent.
        for (int i = 0; i < 3; i++)
        {
            _now += Lease / 2;
            Beat();
            _board.Due(_now);
        }

        IReadOnlyList<BoardEffect> effects = _board.TakeEffects();
        Assert.Equal(Fit, effects.OfType<StoreRequeue>().Count());
        Assert.Equal("t15", Assert.Single(effects.OfType<RunAttempt>()).Task.TaskId);
    }

    [Fact]
    public void Cancelled_task_that_has_not_been_sent_never_is()
    {
        Register();
        Submit(Enumerable.Range(0, Fit + 2).Select(LargeTask));
        TaskAttempt[] first = Given();

        Assert.Equal(CancelOutcome.Cancelled, _board.Attempts.Cancel("t15", _now));
        Beat(first);

        Assert.Equal("t16", Assert.Single(Given()).TaskId);
    }

    [Fact]
    public void Specs_of_unknown_size_are_read_a_few_at_a_time()
    {
        TaskSpec[] specs = [.. Enumerable.Range(0, 40).Select(LargeTask)];
        foreach (TaskSpec spec in specs)
        {
            TaskSubmission submission = new(spec, _now);
            _store.Submit(submission);
            _board.Restart.Restore(TaskRecord.Of(submission), _now);
        }

        _board.Restart.Start(new Dictionary<string, ExecutionStatus>(), [], _now);
        Register();
        ReadSpecs read = Assert.Single(_board.TakeEffects().OfType<ReadSpecs>());
        Assert.Equal((int)(UnheardAttempts.MaxBytes / SpecSize.Unknown), read.Runs.Count);

        // They are half as large as they might have been: more may be read.
        int given = 0;
        for (ReadSpecs? next = read; next is not null;)
        {
            _board.Attempts.SpecsRead(next.Runs, specs.ToDictionary(spec => spec.TaskId!), _now);
            IReadOnlyList<BoardEffect> effects = _board.TakeEffects();
            given += effects.OfType<RunAttempt>().Count();
            next = effects.OfType<ReadSpecs>().SingleOrDefault();
        }

        Assert.InRange(given, Fit - 1, Fit);
    }

    [Fact]
    public void What_only_a_run_needs_is_let_go_of_once_the_executor_has_it_and_read_again_for_the_next_attempt()
    {
        Register();
        Submit([LargeTask(1) with { Name = "name", Retry = new RetryPolicy { MaxAttempts = 2, Backoff = TimeSpan.Zero } }]);
        BoardTask task = Assert.Single(_board.TakeEffects().OfType<RunAttempt>()).Task;
        Assert.Same(Large, task.Spec!.Code);

        Beat(task.Attempt);
        Assert.Equal((null, "name"), (task.Spec.Code, task.Spec.Name));

        _board.Attempts.Report(_executor.Registration!, task.Attempt, SimulatedExecutor.ResultOf(task.Attempt, AttemptOutcome.Failed), _now);
        StoreRequeue requeue = Assert.Single(_board.TakeEffects().OfType<StoreRequeue>());
        _board.Attempts.RequeueStored(requeue, _now);
        ReadSpecs read = Assert.Single(_board.TakeEffects().OfType<ReadSpecs>());
        _board.Attempts.SpecsRead(read.Runs, new Dictionary<string, TaskSpec> { ["t1"] = LargeTask(1) }, _now);

        Assert.Same(Large, Assert.Single(_board.TakeEffects().OfType<RunAttempt>()).Task.Spec!.Code);
    }

    private static TaskSpec LargeTask(int number) => Task($"t{number}", Large);

    private static TaskSpec Task(string id, string code) => new() { TaskId = id, Language = "python", Code = code };

    private void Register()
    {
        _executor.Register(Slots, number: 1, _now);
        _board.Executors.Register(_executor.Registration!, [], new Dictionary<string, TaskSpec>(), isDrained: false, _now);
    }

    private void Submit(IEnumerable<TaskSpec> specs)
    {
        Submission submission = _board.Submits.Submit([.. specs.Select(spec => new TaskSubmission(spec, _now))], null);
        _board.Submits.Stored(submission, [.. submission.Tasks.Select(_store.Submit)], _now);
    }

    private void Beat(params TaskAttempt[] running) => Assert.Empty(_board.Executors.Heartbeat(_executor.Registration!, running, _now)!);

    private void Report(string id) => Assert.True(_board.Attempts.Report(
        _executor.Registration!, new TaskAttempt(id, 1), SimulatedExecutor.ResultOf(new TaskAttempt(id, 1), AttemptOutcome.Completed), _now));

    /// <summary>What the executor has been told to run since the last call; what is to be read for that is.</summary>
    private TaskAttempt[] Given()
    {
        List<TaskAttempt> given = [];
        for (IReadOnlyList<BoardEffect> effects = _board.TakeEffects(); effects.Count > 0; effects = _board.TakeEffects())
        {
            foreach (BoardEffect effect in effects)
            {
                if (effect is RunAttempt run)
                {
                    given.Add(new TaskAttempt(run.Task.TaskId, run.Attempt));
                }
                else if (effect is ReadSpecs read)
                {
                    _board.Attempts.SpecsRead(read.Runs, read.Runs.ToDictionary(run => run.Task.TaskId, run => _store.SpecOf(run.Task.TaskId)!), _now);
                }
            }
        }

        return [.. given];
    }
}
