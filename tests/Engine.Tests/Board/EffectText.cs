namespace Executor.Engine.Board;

/// <summary>Effects as the <see cref="NaiveBoard"/> says them.</summary>
internal static class EffectText
{
    public static IEnumerable<string> Of(BoardEffect effect) => effect switch
    {
        RunAttempt run => [$"run {run.Task.TaskId}#{run.Attempt} on {run.Executor.Id}"],
        ReadSpecs read => read.Runs.Select(run => $"read for {run.Task.TaskId}#{run.Attempt} on {run.Executor.Id}"),
        StopAttempt stop => [$"stop {stop.Attempt} on {stop.Executor.Id}"],
        LookUpCache lookUp => [$"look up {lookUp.Task.TaskId}"],
        StoreEnd { IsReport: true, Result.Status: Tasks.ExecutionStatus.Failed } end => [$"end {end.Task.TaskId}#{end.Task.State.Attempt} Failed reported"],
        StoreEnd end => [$"end {end.Task.TaskId}#{end.Task.State.Attempt} {end.Result.Status} {(end.Result.Status == Tasks.ExecutionStatus.Failed ? end.Result.Error?.Type : null)}"],
        StoreRequeue requeue => [$"requeue {requeue.Task.TaskId}#{requeue.After.Attempt} {requeue.After.NotBefore:mm:ss.fff}"],
        StoreCancelRequest request => [$"note cancel of {request.Task.TaskId}"],
        AnnounceEnd announced => [$"announce {announced.Task.TaskId} {announced.Result.Status}"],
        SaveExecutor save => [$"save {save.Executor.Id}"],
        ForgetExecutor forget => [$"forget {forget.ExecutorId}"],
        TellQuarantine { Executor: BoardExecutor executor } => [$"{(executor.Trouble.QuarantinedUntil is null ? "release" : "quarantine")} {executor.Id}"],
        CloseLostExecutor lost => [$"close {lost.Executor.Id}"],
        CloseReplacedExecutor replaced => [$"replace {replaced.Executor.Id}"],
        _ => [effect.ToString()],
    };
}
