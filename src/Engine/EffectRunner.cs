using Executor.Engine.Board;
using Executor.Engine.Callbacks;
using Executor.Engine.Monitoring;
using Executor.Engine.Stores;
using Executor.Executors;
using Executor.Scheduling;
using Executor.Storage;
using Executor.Tasks;
using Microsoft.Extensions.Logging;

namespace Executor.Engine;

/// <summary>Carries out what the board decides: writes and reads the store, tells executors and those who wait, and tells the board what has been done.</summary>
internal sealed class EffectRunner(
    LockedBoard board,
    ITaskStore store,
    StoreRetries retries,
    EngineOptions options,
    ExecutionMonitor monitor,
    CallbackDispatcher? callbacks,
    TaskViews views,
    BackgroundWork work,
    TimeProvider time,
    ILogger log,
    CancellationToken stopping)
{
    /// <summary>Tells the board what has happened, and begins what is to be done about it.</summary>
    /// <param name="tell">Does the telling.</param>
    /// <param name="isAwaited">What the caller waits for; the rest goes on in the background.</param>
    /// <param name="done">Ends when that is done.</param>
    public T Apply<T>(Func<TaskBoard, DateTimeOffset, T> tell, Predicate<BoardEffect> isAwaited, out Task done)
    {
        T answer = board.Apply(tell, out IReadOnlyList<BoardEffect> effects);
        done = Begin(effects, isAwaited);
        return answer;
    }

    /// <summary>The same for an event whose effects nobody waits for.</summary>
    public void Apply(Action<TaskBoard, DateTimeOffset> tell) => Begin(board.Apply(tell), static _ => false);

    /// <summary>Begins effects, in order.</summary>
    /// <returns>Ends when those that are awaited are done.</returns>
    public Task Begin(IReadOnlyList<BoardEffect> effects, Predicate<BoardEffect> isAwaited)
    {
        Task done = Task.CompletedTask;
        foreach (BoardEffect effect in effects)
        {
            Task begun = BeginAsync(effect);
            if (begun.IsCompletedSuccessfully)
            {
                continue;
            }

            if (isAwaited(effect))
            {
                done = done.IsCompletedSuccessfully ? begun : Task.WhenAll(done, begun);
            }
            else
            {
                work.Track(begun);
            }
        }

        return done;
    }

    /// <summary>Whether an effect is a write that concerns a task.</summary>
    public static bool IsWriteOf(BoardEffect effect, string taskId) => effect switch
    {
        StoreEnd end => end.Task.TaskId == taskId,
        StoreRequeue requeue => requeue.Task.TaskId == taskId,
        StoreCancelRequest request => request.Task.TaskId == taskId,
        _ => false,
    };

    /// <summary>Ends when an effect is done. What needs no waiting is done when this returns.</summary>
    public Task BeginAsync(BoardEffect effect)
    {
        switch (effect)
        {
            case RunAttempt run:
                Run(run);
                return Task.CompletedTask;
            case ReadSpecs read:
                return ReadSpecsAsync(read);
            case StopAttempt stop:
                stop.Executor.Link.Send(new CancelMessage(stop.Attempt));
                return Task.CompletedTask;
            case LookUpCache lookUp:
                return LookUpAsync(lookUp);
            case StoreEnd end:
                return StoreEndAsync(end);
            case StoreRequeue requeue:
                return StoreRequeueAsync(requeue);
            case StoreCancelRequest request:
                return store.RequestCancelAsync(request.Task.TaskId, CancellationToken.None);
            case AnnounceEnd ended:
                views.End(ended.Task.TaskId, ended.Result);
                return Task.CompletedTask;
            case SaveExecutor save:
                return SaveAsync(save.Executor);
            case ForgetExecutor forget:
                return ForgetAsync(forget.ExecutorId);
            case CloseLostExecutor lost:
                log.ExecutorLost(lost.Executor.Id, lost.Tasks);
                lost.Executor.Link.Send(new ClosedMessage("it was silent for longer than its lease"));
                return Task.CompletedTask;
            case CloseReplacedExecutor replaced:
                replaced.Executor.Link.Send(new ClosedMessage($"another executor registered as '{replaced.Executor.Id}'", IsReplaced: true));
                return Task.CompletedTask;
            case TellQuarantine quarantine:
                Say(quarantine.Executor);
                return Task.CompletedTask;
            case TellDrain drain:
                drain.Executor.Link.Send(new DrainedMessage());
                return Task.CompletedTask;
            default:
                throw new ArgumentException($"{effect.GetType().Name} is no effect that can be carried out.", nameof(effect));
        }
    }

    private void Say(BoardExecutor executor)
    {
        if (executor.Trouble.QuarantinedUntil is DateTimeOffset until)
        {
            log.ExecutorQuarantined(executor.Id, executor.Trouble.Failures, until, executor.Trouble.LastFailure);
        }
        else
        {
            log.ExecutorReleased(executor.Id);
        }
    }

    private void Run(RunAttempt run)
    {
        BoardTask task = run.Task;
        if (run.Attempt == 1)
        {
            monitor.TaskStarted(run.StartedAt - task.SubmittedAt);
        }

        store.MarkRunning(new TaskStart(task.TaskId, run.Attempt, run.Executor.Id, run.StartedAt));
        run.Executor.Link.Send(new TaskAssignment(task.Spec!, run.Attempt, run.GpuDevices) { TraceParent = task.TraceParent });
    }

    private async Task ReadSpecsAsync(ReadSpecs read)
    {
        IReadOnlyDictionary<string, TaskSpec> specs = await SpecsOfAsync([.. read.Runs.Select(run => run.Task.TaskId)]);
        Apply((board, now) => board.Attempts.SpecsRead(read.Runs, specs, now));
    }

    private Task<IReadOnlyDictionary<string, TaskSpec>> SpecsOfAsync(IReadOnlyCollection<string> taskIds) =>
        retries.RepeatAsync(() => store.GetSpecsAsync(taskIds, stopping));

    private async Task LookUpAsync(LookUpCache lookUp)
    {
        BoardTask task = lookUp.Task;
        TaskSpec? spec = task.Spec ?? (await SpecsOfAsync([task.TaskId])).GetValueOrDefault(task.TaskId);
        TaskResult? found = spec is null ? null : await FindCachedAsync(spec);
        bool isAnswered = Apply(
            (board, now) => board.Attempts.CacheAnswered(task, spec, found, now), effect => IsWriteOf(effect, task.TaskId), out Task ended);
        if (isAnswered)
        {
            monitor.CacheHit();
        }

        await ended;
    }

    /// <summary>A cache that can't be read is no reason not to run the task.</summary>
    private async Task<TaskResult?> FindCachedAsync(TaskSpec spec)
    {
        try
        {
            return await store.FindCachedAsync(ContentHash.OfWork(spec), time.GetUtcNow() - spec.Cache!.Ttl, CancellationToken.None);
        }
        catch (StorageException failed)
        {
            log.StoreFailed(TimeSpan.Zero, failed.Message);
            return null;
        }
    }

    private async Task StoreEndAsync(StoreEnd end)
    {
        BoardTask task = end.Task;
        TaskResult result = end.Result;
        TaskSpec? spec = task.Spec;
        if (spec is null && (await SpecsOfAsync([task.TaskId])).TryGetValue(task.TaskId, out spec))
        {
            result = result.Describe(spec);
        }

        TaskCompletion completion = new(result)
        {
            CodeExecutor = end.IsReport && result.ConfigId is string name ? options.FindCodeExecutor?.Invoke(name) : null,
            CallbackUrl = callbacks is null ? null : spec?.CallbackUrl,
        };
        WriteOutcome outcome = await retries.RepeatAsync(() => end.IsReport
            ? store.CompleteAsync(completion, CancellationToken.None)
            : store.CancelAsync(completion, CancellationToken.None));
        if (outcome == WriteOutcome.Recorded)
        {
            if (completion.CallbackUrl is string url)
            {
                callbacks!.Added(url);
            }
        }
        else
        {
            log.ResultNotRecorded(task.TaskId, result.Attempt, outcome);
            result = await retries.RepeatAsync(() => store.GetResultAsync(task.TaskId, stopping)) ?? result;
        }

        monitor.TaskEnded(result);
        Apply((board, now) => board.Attempts.EndStored(task, result, now));
    }

    private async Task StoreRequeueAsync(StoreRequeue requeue)
    {
        TaskLifecycle after = requeue.After;
        monitor.AttemptRepeated();
        if (requeue.Reported is { IsInfrastructureFailure: true } failed)
        {
            log.InfrastructureFailed(requeue.Task.TaskId, failed.Attempt, failed.Error!.Type, failed.Error.Message);
        }

        await retries.RepeatAsync(() => store.RequeueAsync(
            new TaskRequeue(requeue.Task.TaskId, after.Attempt - 1)
            {
                NotBefore = after.NotBefore,
                Failures = after.Failures,
                InfrastructureRetries = after.InfrastructureRetries,
                LossRetries = after.LossRetries,
            },
            CancellationToken.None));
        Apply((board, now) => board.Attempts.RequeueStored(requeue, now));
    }

    private async Task SaveAsync(BoardExecutor executor)
    {
        ExecutorRegistration registration = executor.Registration;
        log.ExecutorRegistered(executor.Id, registration.MaxTasks);
        await retries.RepeatAsync(async () =>
        {
            await store.SaveExecutorAsync(
                new ExecutorRecord
                {
                    ExecutorId = executor.Id,
                    Host = registration.Host,
                    Port = registration.Port,
                    MaxTasks = registration.MaxTasks,
                    Capabilities = registration.Capabilities ?? [],
                    LastSeenAt = executor.LastSeenAt,
                },
                stopping);
            return true;
        });
    }

    private async Task ForgetAsync(string executorId)
    {
        if (!board.Read((board, _) => board.IsRegistered(executorId)))
        {
            await retries.RepeatAsync(() => store.RemoveExecutorAsync(executorId, stopping));
        }
    }
}
