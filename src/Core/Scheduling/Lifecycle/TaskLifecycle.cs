using System.Diagnostics;
using Executor.Tasks;

namespace Executor.Scheduling;

/// <summary>
/// Where one task is in its life and who holds it. Immutable and free of I/O: an operation answers a
/// <see cref="TaskTransition"/> whose <see cref="TaskTransition.After"/> the caller keeps (once it is stored, where it must be).
/// What a status may become is decided by <see cref="ExecutionStatusRules"/>.
/// </summary>
/// <remarks>
/// The attempt is the fence. A PENDING task has the number that its next attempt will bear; starting keeps it, going back to
/// PENDING raises it. So a holder of an older number can not report, however late it comes back.
/// </remarks>
public sealed record TaskLifecycle
{
    /// <summary>A task as submitted: PENDING, attempt 1. Shared by all tasks that have not started.</summary>
    public static TaskLifecycle Submitted { get; } = new();

    /// <summary>Where it is. Default PENDING.</summary>
    public ExecutionStatus Status { get; init; }

    /// <summary>The attempt that runs, ran last, or (PENDING) will run next. From 1. Default 1.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>The executor that holds the attempt, or held the last one when the task has ended; null while PENDING.</summary>
    public string? ExecutorId { get; init; }

    /// <summary>When the next attempt may start; null: at once.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Ended attempts that count against <see cref="RetryPolicy.MaxAttempts"/>.</summary>
    public int Failures { get; init; }

    /// <summary>Infrastructure failures repeated without being asked.</summary>
    public int InfrastructureRetries { get; init; }

    /// <summary>Losses repeated without being asked.</summary>
    public int LossRetries { get; init; }

    /// <summary>Whether somebody asked for the end of the attempt that runs.</summary>
    public bool CancelRequested { get; init; }

    /// <summary>Gives the task to an executor.</summary>
    /// <param name="executorId">The executor.</param>
    /// <param name="now">The time.</param>
    /// <returns><see cref="TaskStarted"/> or <see cref="TransitionRefused"/>.</returns>
    public TaskTransition Start(string executorId, DateTimeOffset now)
    {
        ArgumentException.ThrowIfNullOrEmpty(executorId);
        if (!Status.CanBecome(ExecutionStatus.Running))
        {
            return Refuse(Status.IsFinal() ? RefusalReason.AlreadyEnded : RefusalReason.AlreadyRunning);
        }

        return now < NotBefore
            ? Refuse(RefusalReason.NotDue)
            : new TaskStarted(this with
            {
                Status = ExecutionStatus.Running,
                ExecutorId = executorId,
                NotBefore = null,
            });
    }

    /// <summary>
    /// Takes an attempt's report. Accepted once, from the executor that holds the attempt; a report that comes after the lease
    /// ran out but before anybody noticed is accepted. After a cancel request whatever did not succeed is CANCELLED and not repeated.
    /// </summary>
    /// <param name="executorId">Who reports.</param>
    /// <param name="attempt">The attempt it speaks for.</param>
    /// <param name="outcome">How the attempt ended.</param>
    /// <param name="rules">When it is repeated.</param>
    /// <param name="now">The time.</param>
    /// <param name="jitter">A random number from 0 to 1; see <see cref="RetryRules.Backoff"/>.</param>
    /// <returns><see cref="TaskEnded"/>, <see cref="TaskRequeued"/> or <see cref="TransitionRefused"/>.</returns>
    public TaskTransition Report(
        string executorId, int attempt, AttemptOutcome outcome, RetryRules rules, DateTimeOffset now, double jitter)
    {
        if (Fence(executorId, attempt) is { } refused)
        {
            return refused;
        }

        return outcome switch
        {
            AttemptOutcome.Completed => End(ExecutionStatus.Completed),
            _ when CancelRequested || outcome == AttemptOutcome.Cancelled => End(ExecutionStatus.Cancelled),
            AttemptOutcome.InfrastructureFailed when InfrastructureRetries < rules.MaxInfrastructureRetries => Requeue(
                this with { InfrastructureRetries = InfrastructureRetries + 1 },
                now + rules.Backoff(rules.InfrastructureBackoff, InfrastructureRetries + 1, jitter)),
            _ => CountFailure(rules, now, jitter),
        };
    }

    /// <summary>
    /// Records that the attempt will not report: its executor is gone, or the scheduler was restarted. A repeat that is granted
    /// without being asked starts at once: the fault was not the task's, and another executor can take it.
    /// </summary>
    /// <param name="attempt">The attempt that is lost.</param>
    /// <param name="reason">Why.</param>
    /// <param name="rules">When it is repeated.</param>
    /// <param name="now">The time.</param>
    /// <param name="jitter">A random number from 0 to 1; see <see cref="RetryRules.Backoff"/>.</param>
    /// <returns><see cref="TaskRequeued"/>, <see cref="TaskEnded"/> (FAILED; CANCELLED if that was asked) or <see cref="TransitionRefused"/>.</returns>
    public TaskTransition Lose(int attempt, LossReason reason, RetryRules rules, DateTimeOffset now, double jitter)
    {
        if (Fence(ExecutorId, attempt) is { } refused)
        {
            return refused;
        }

        return this switch
        {
            { CancelRequested: true } => End(ExecutionStatus.Cancelled),
            _ when reason == LossReason.SchedulerRestarted => Requeue(this, null),
            _ when LossRetries < rules.MaxLossRetries => Requeue(this with { LossRetries = LossRetries + 1 }, null),
            _ => CountFailure(rules, now, jitter),
        };
    }

    /// <summary>
    /// Asks for the task's end. PENDING: CANCELLED at once. RUNNING: its executor is to be told; asking again says so again.
    /// </summary>
    /// <returns><see cref="TaskEnded"/>, <see cref="CancelAwaitsExecutor"/> or <see cref="TransitionRefused"/> (it had ended).</returns>
    public TaskTransition Cancel() => Status switch
    {
        ExecutionStatus.Pending => End(ExecutionStatus.Cancelled),
        ExecutionStatus.Running => new CancelAwaitsExecutor(this with { CancelRequested = true }),
        _ => Refuse(RefusalReason.AlreadyEnded),
    };

    /// <summary>Ends the task as CANCELLED whatever its executor does: for one that does not answer. Its report will be refused.</summary>
    /// <returns><see cref="TaskEnded"/> or <see cref="TransitionRefused"/> (it had ended).</returns>
    public TaskTransition CancelNow() => End(ExecutionStatus.Cancelled);

    /// <summary>Ends a waiting task as FAILED without running it: a dependency failed, or it waited too long.</summary>
    /// <returns><see cref="TaskEnded"/> or <see cref="TransitionRefused"/>.</returns>
    public TaskTransition FailWaiting() =>
        Status == ExecutionStatus.Running ? Refuse(RefusalReason.AlreadyRunning) : End(ExecutionStatus.Failed);

    private TaskTransition CountFailure(RetryRules rules, DateTimeOffset now, double jitter)
    {
        TaskLifecycle counted = this with { Failures = Failures + 1 };
        return counted.Failures < rules.Policy.MaxAttempts
            ? Requeue(counted, now + rules.Backoff(rules.Policy.Backoff, counted.Failures, jitter))
            : counted.End(ExecutionStatus.Failed);
    }

    private static TaskRequeued Requeue(TaskLifecycle counted, DateTimeOffset? notBefore)
    {
        Debug.Assert(counted.Status.CanBecome(ExecutionStatus.Pending), "only a RUNNING task goes back");
        return new TaskRequeued(counted with
        {
            Status = ExecutionStatus.Pending,
            Attempt = counted.Attempt + 1,
            ExecutorId = null,
            NotBefore = notBefore,
        });
    }

    private TaskTransition End(ExecutionStatus status) => Status.CanBecome(status)
        ? new TaskEnded(this with { Status = status, NotBefore = null })
        : Refuse(RefusalReason.AlreadyEnded);

    // The attempt before the status: an old holder should hear that it is stale whatever the task does now.
    private TransitionRefused? Fence(string? executorId, int attempt) => this switch
    {
        _ when Status.IsFinal() => Refuse(RefusalReason.AlreadyEnded),
        _ when attempt != Attempt => Refuse(RefusalReason.StaleAttempt),
        _ when Status != ExecutionStatus.Running => Refuse(RefusalReason.NotRunning),
        _ when executorId != ExecutorId => Refuse(RefusalReason.OtherExecutor),
        _ => null,
    };

    private TransitionRefused Refuse(RefusalReason reason) => new(this, reason);
}
