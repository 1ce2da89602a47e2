using Executor.Tasks;
using static Executor.Scheduling.Samples;

namespace Executor.Scheduling;

public sealed class TaskLifecycleTests
{

    private static readonly RetryRules Thrice = RetryRules.For(new RetryPolicy { MaxAttempts = 3, Backoff = TimeSpan.FromSeconds(2) });

    private static TaskLifecycle Running => TaskLifecycle.Submitted.Start("a", Start).After;

    [Fact]
    public void Submitted_task_waits_for_its_first_attempt()
    {
        Assert.Equal(ExecutionStatus.Pending, TaskLifecycle.Submitted.Status);
        Assert.Equal(1, TaskLifecycle.Submitted.Attempt);
        Assert.Null(TaskLifecycle.Submitted.ExecutorId);
    }

    [Fact]
    public void Started_task_is_held()
    {
        TaskStarted started = Assert.IsType<TaskStarted>(TaskLifecycle.Submitted.Start("a", Start));

        Assert.Equal(ExecutionStatus.Running, started.After.Status);
        Assert.Equal("a", started.After.ExecutorId);
        Assert.Equal(1, started.After.Attempt);
    }

    [Fact]
    public void Running_task_is_not_started_again() =>
        AssertRefused(RefusalReason.AlreadyRunning, Running.Start("b", Start));

    [Theory]
    [InlineData("b", 1, RefusalReason.OtherExecutor)]
    [InlineData("a", 2, RefusalReason.StaleAttempt)]
    [InlineData("a", 0, RefusalReason.StaleAttempt)]
    public void Only_the_holder_of_the_current_attempt_is_heard(string executorId, int attempt, RefusalReason reason) =>
        AssertRefused(reason, Running.Report(executorId, attempt, AttemptOutcome.Completed, RetryRules.Default, Start, 0));

    [Theory]
    [InlineData(AttemptOutcome.Completed, ExecutionStatus.Completed)]
    [InlineData(AttemptOutcome.Failed, ExecutionStatus.Failed)]
    [InlineData(AttemptOutcome.Cancelled, ExecutionStatus.Cancelled)]
    public void Reported_outcome_ends_the_task(AttemptOutcome outcome, ExecutionStatus status)
    {
        TaskEnded ended = Assert.IsType<TaskEnded>(Running.Report("a", 1, outcome, RetryRules.Default, Start, 0));

        Assert.Equal(status, ended.After.Status);
        Assert.Equal("a", ended.After.ExecutorId);
    }

    [Fact]
    public void Second_report_of_an_attempt_is_refused()
    {
        TaskLifecycle ended = Running.Report("a", 1, AttemptOutcome.Completed, RetryRules.Default, Start, 0).After;

        AssertRefused(RefusalReason.AlreadyEnded, ended.Report("a", 1, AttemptOutcome.Failed, RetryRules.Default, Start, 0));
    }

    [Fact]
    public void Report_after_the_lease_ran_out_unnoticed_is_accepted()
    {
        TaskTransition reported = Running.Report("a", 1, AttemptOutcome.Completed, RetryRules.Default, At(99), 0);

        Assert.Equal(ExecutionStatus.Completed, reported.StatusAfter());
    }

    [Fact]
    public void Report_after_the_attempt_was_lost_is_refused()
    {
        TaskLifecycle again = Running.Lose(1, LossReason.ExecutorLost, RetryRules.Default, Start, 0).After;
        AssertRefused(RefusalReason.StaleAttempt, again.Report("a", 1, AttemptOutcome.Completed, RetryRules.Default, Start, 0));

        TaskLifecycle second = again.Start("b", Start).After;
        AssertRefused(RefusalReason.StaleAttempt, second.Report("a", 1, AttemptOutcome.Completed, RetryRules.Default, Start, 0));
        Assert.Equal(
            ExecutionStatus.Completed,
            second.Report("b", 2, AttemptOutcome.Completed, RetryRules.Default, Start, 0).StatusAfter());
    }

    [Fact]
    public void Report_for_a_waiting_attempt_is_refused()
    {
        AssertRefused(
            RefusalReason.NotRunning,
            TaskLifecycle.Submitted.Report("a", 1, AttemptOutcome.Completed, RetryRules.Default, Start, 0));
        AssertRefused(
            RefusalReason.NotRunning, TaskLifecycle.Submitted.Lose(1, LossReason.ExecutorLost, RetryRules.Default, Start, 0));
    }

    [Fact]
    public void Failed_attempt_is_repeated_after_a_doubling_wait_until_attempts_are_used_up()
    {
        TaskLifecycle second = Assert.IsType<TaskRequeued>(Running.Report("a", 1, AttemptOutcome.Failed, Thrice, Start, 0)).After;
        Assert.Equal((ExecutionStatus.Pending, 2, At(2)), (second.Status, second.Attempt, second.NotBefore));
        AssertRefused(RefusalReason.NotDue, second.Start("a", At(1.9)));

        TaskLifecycle third = second.Start("a", At(2)).After
            .Report("a", 2, AttemptOutcome.Failed, Thrice, At(2), 0).After;
        Assert.Equal((ExecutionStatus.Pending, 3, At(6)), (third.Status, third.Attempt, third.NotBefore));

        TaskTransition last = third.Start("a", At(6)).After.Report("a", 3, AttemptOutcome.Failed, Thrice, At(6), 0);
        Assert.Equal(ExecutionStatus.Failed, Assert.IsType<TaskEnded>(last).After.Status);
    }

    [Fact]
    public void Infrastructure_failures_are_repeated_unasked_up_to_their_own_cap()
    {
        TaskLifecycle task = TaskLifecycle.Submitted;
        List<double> waits = [];
        for (int attempt = 1; attempt <= 3; attempt++)
        {
            task = Run(task, AttemptOutcome.InfrastructureFailed, RetryRules.Default);
            Assert.Equal((ExecutionStatus.Pending, attempt + 1), (task.Status, task.Attempt));
            waits.Add((task.NotBefore!.Value - Start).TotalSeconds);
            task = task with { NotBefore = null };
        }

        Assert.Equal([1, 2, 4], waits);
        Assert.Equal(ExecutionStatus.Failed, Run(task, AttemptOutcome.InfrastructureFailed, RetryRules.Default).Status);
    }

    [Fact]
    public void Infrastructure_failures_over_the_cap_count_as_failures()
    {
        RetryRules rules = Thrice with { MaxInfrastructureRetries = 1 };
        TaskLifecycle task = TaskLifecycle.Submitted;
        for (int attempt = 1; attempt <= 3; attempt++)
        {
            task = Run(task, AttemptOutcome.InfrastructureFailed, rules) with { NotBefore = null };
            Assert.Equal(ExecutionStatus.Pending, task.Status);
        }

        Assert.Equal((1, 2), (task.InfrastructureRetries, task.Failures));
        Assert.Equal(ExecutionStatus.Failed, Run(task, AttemptOutcome.InfrastructureFailed, rules).Status);
    }

    [Fact]
    public void Lost_attempt_is_repeated_at_once_up_to_its_own_cap()
    {
        RetryRules rules = RetryRules.Default with { MaxLossRetries = 2 };
        TaskLifecycle task = TaskLifecycle.Submitted;
        for (int attempt = 1; attempt <= 2; attempt++)
        {
            task = task.Start("a", Start).After.Lose(attempt, LossReason.ExecutorLost, rules, Start, 0).After;
            Assert.Equal((ExecutionStatus.Pending, attempt + 1, null), (task.Status, task.Attempt, task.NotBefore));
        }

        TaskTransition last = task.Start("a", Start).After.Lose(3, LossReason.ExecutorLost, rules, Start, 0);
        Assert.Equal(ExecutionStatus.Failed, Assert.IsType<TaskEnded>(last).After.Status);
    }

    [Fact]
    public void Restart_of_the_scheduler_does_not_count_against_the_task()
    {
        TaskLifecycle task = TaskLifecycle.Submitted;
        for (int attempt = 1; attempt <= 50; attempt++)
        {
            task = task.Start("a", Start).After.Lose(attempt, LossReason.SchedulerRestarted, RetryRules.Default, Start, 0).After;
            Assert.Equal((ExecutionStatus.Pending, attempt + 1), (task.Status, task.Attempt));
        }

        Assert.Equal((0, 0), (task.LossRetries, task.Failures));
    }

    [Fact]
    public void Waiting_task_is_cancelled_at_once()
    {
        Assert.Equal(ExecutionStatus.Cancelled, Assert.IsType<TaskEnded>(TaskLifecycle.Submitted.Cancel()).After.Status);
    }

    [Theory]
    [InlineData(AttemptOutcome.Cancelled, ExecutionStatus.Cancelled)]
    [InlineData(AttemptOutcome.Failed, ExecutionStatus.Cancelled)]
    [InlineData(AttemptOutcome.InfrastructureFailed, ExecutionStatus.Cancelled)]
    [InlineData(AttemptOutcome.Completed, ExecutionStatus.Completed)]
    public void Running_task_is_cancelled_when_its_executor_reports_unless_it_had_completed(
        AttemptOutcome outcome, ExecutionStatus status)
    {
        TaskLifecycle asked = Assert.IsType<CancelAwaitsExecutor>(Running.Cancel()).After;
        Assert.Equal((ExecutionStatus.Running, true), (asked.Status, asked.CancelRequested));
        Assert.IsType<CancelAwaitsExecutor>(asked.Cancel());

        Assert.Equal(status, Assert.IsType<TaskEnded>(asked.Report("a", 1, outcome, Thrice, Start, 0)).After.Status);
    }

    [Fact]
    public void Running_task_is_cancelled_when_its_executor_is_lost()
    {
        TaskTransition lost = Running.Cancel().After.Lose(1, LossReason.ExecutorLost, Thrice, Start, 0);

        Assert.Equal(ExecutionStatus.Cancelled, Assert.IsType<TaskEnded>(lost).After.Status);
    }

    [Fact]
    public void Cancel_now_does_not_wait_for_the_executor_and_refuses_its_report()
    {
        TaskLifecycle ended = Assert.IsType<TaskEnded>(Running.CancelNow()).After;

        Assert.Equal(ExecutionStatus.Cancelled, ended.Status);
        AssertRefused(RefusalReason.AlreadyEnded, ended.Report("a", 1, AttemptOutcome.Completed, RetryRules.Default, Start, 0));
    }

    [Theory]
    [InlineData(AttemptOutcome.Completed)]
    [InlineData(AttemptOutcome.Failed)]
    [InlineData(AttemptOutcome.Cancelled)]
    public void Ended_task_stays_as_it_is(AttemptOutcome outcome)
    {
        TaskLifecycle ended = Running.Report("a", 1, outcome, RetryRules.Default, Start, 0).After;

        TaskTransition[] attempts =
        [
            ended.Start("a", Start), ended.Cancel(), ended.CancelNow(), ended.FailWaiting(),
            ended.Lose(1, LossReason.ExecutorLost, Thrice, Start, 0),
            ended.Report("a", 1, AttemptOutcome.Completed, Thrice, Start, 0),
        ];
        Assert.All(attempts, refused =>
        {
            AssertRefused(RefusalReason.AlreadyEnded, refused);
            Assert.Same(ended, refused.After);
        });
    }

    [Fact]
    public void Only_a_waiting_task_fails_without_running()
    {
        Assert.Equal(ExecutionStatus.Failed, Assert.IsType<TaskEnded>(TaskLifecycle.Submitted.FailWaiting()).After.Status);
        AssertRefused(RefusalReason.AlreadyRunning, Running.FailWaiting());
    }

    [Theory]
    [InlineData(ExecutionStatus.Completed, null, AttemptOutcome.Completed)]
    [InlineData(ExecutionStatus.Cancelled, TaskErrorTypes.Cancelled, AttemptOutcome.Cancelled)]
    [InlineData(ExecutionStatus.Failed, TaskErrorTypes.ExitCode, AttemptOutcome.Failed)]
    [InlineData(ExecutionStatus.Failed, TaskErrorTypes.SandboxUnavailable, AttemptOutcome.InfrastructureFailed)]
    public void Result_tells_the_outcome(ExecutionStatus status, string? errorType, AttemptOutcome outcome)
    {
        TaskError? error = errorType is null ? null : new TaskError { Type = errorType, Message = "it went wrong" };

        Assert.Equal(outcome, new TaskResult { TaskId = "t", Status = status, Error = error }.Outcome());
    }

    [Fact]
    public void Unfinished_result_tells_no_outcome() =>
        Assert.Throws<ArgumentException>(() => new TaskResult { TaskId = "t", Status = ExecutionStatus.Running }.Outcome());

    private static TaskLifecycle Run(TaskLifecycle task, AttemptOutcome outcome, RetryRules rules)
    {
        TaskLifecycle running = task.Start("a", Start).After;
        return running.Report("a", running.Attempt, outcome, rules, Start, 0).After;
    }

    private static void AssertRefused(RefusalReason reason, TaskTransition transition) =>
        Assert.Equal(reason, Assert.IsType<TransitionRefused>(transition).Reason);
}
