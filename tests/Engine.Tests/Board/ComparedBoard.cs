using Executor.Execution;
using Executor.Executors;
using Executor.Scheduling;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Engine.Board;

/// <summary>
/// A <see cref="TaskBoard"/> and the <see cref="NaiveBoard"/>, told the same in simulated time. After each thing they are told they are compared, and
/// what the board wants done is held against what must never happen, and kept until the history has it done.
/// </summary>
internal sealed class ComparedBoard
{
    private readonly BoardOptions _options;
    private readonly int _specBytes;
    private readonly HashSet<TaskAttempt> _given = [];
    private readonly HashSet<string> _announced = [];
    private readonly HashSet<TaskAttempt> _accepted = [];
    private TaskBoard _board;
    private NaiveBoard _naive;
    private DateTimeOffset _now = new(2031, 5, 17, 10, 0, 0, TimeSpan.Zero);
    private long _registrations;

    public ComparedBoard(BoardOptions options, int specBytes)
    {
        (_options, _specBytes) = (options, specBytes);
        (_board, _naive) = (new TaskBoard(options, () => 0), new NaiveBoard(options, specBytes));
        Restart();
    }

    public SimulatedStore Store { get; } = new();

    /// <summary>What is to be done: the history does it, in any order.</summary>
    public List<BoardEffect> Pending { get; } = [];

    /// <summary>Starts that the store has not noted, and perhaps never will.</summary>
    public List<RunAttempt> Unnoted { get; } = [];

    /// <summary>Batches on their way into the store.</summary>
    public List<SubmittedBatch> Submitting { get; } = [];

    /// <summary>What has happened, for people.</summary>
    public List<string> Story { get; } = [];

    /// <summary>What kinds of things have happened.</summary>
    public HashSet<string> Seen { get; } = [];

    public int Count => _board.Count;

    public bool IsIdle => _board.Load() is { Waiting: 0, Running: 0 };

    public bool IsCurrent(SimulatedExecutor executor) => executor.Registration is not null && _naive.IsCurrent(executor.Id, executor.Number);

    public void Submit(List<TaskSpec> batch)
    {
        bool isWorkflow = batch.Any(spec => spec.DependsOn is not null);
        if (isWorkflow && Submitting.Exists(other => other.IsWorkflow))
        {
            return;
        }

        Story.Add($"{_now:ss.fff} submit {string.Join(", ", batch.Select(Text))}");
        TaskSubmission[] tasks = [.. batch.Select(spec => new TaskSubmission(spec, _now))];
        if (!_naive.CanSubmit(batch.Count))
        {
            Assert.Throws<QueueFullException>(() => _board.Submits.Submit(tasks, null));
            Seen.Add("refused for a full queue");
            return;
        }

        Submission submission = _board.Submits.Submit(tasks, null);
        _naive.Submit(batch);
        SubmittedBatch submitted = new(submission, batch, isWorkflow);
        if (isWorkflow && !Link(submission, batch))
        {
            Seen.Add("refused for a parent");
            StoreFailed(submitted);
        }
        else
        {
            Submitting.Add(submitted);
            Compare();
        }
    }

    /// <summary>A batch was not stored, or it was and nobody knows.</summary>
    public void StoreFailed(SubmittedBatch batch)
    {
        Story.Add($"no answer to {string.Join(", ", batch.Specs.Select(spec => spec.TaskId))}");
        _board.Submits.StoreFailed(batch.Submission);
        _naive.StoreFailed(batch.Specs);
        Compare();
    }

    public void Stored(SubmittedBatch batch)
    {
        IReadOnlyList<SubmitOutcome> outcomes = batch.Store(Store);
        Story.Add($"stored {string.Join(", ", batch.Specs.Zip(outcomes).Select(pair => $"{pair.First.TaskId} {pair.Second.Status}"))}");
        int before = _board.Count;
        Assert.Equal(_board.Submits.Stored(batch.Submission, outcomes, _now), _board.Count - before);
        _naive.Stored(batch.Specs, outcomes, batch.Submission.Tasks[0].SubmittedAt, _now);
        Compare();
    }

    /// <summary>Something that the board wanted is done.</summary>
    /// <param name="effect">What.</param>
    /// <param name="isCached">Whether the cache has an answer, if it was asked.</param>
    public void Done(BoardEffect effect, bool isCached)
    {
        Story.Add($"done: {string.Join(", ", EffectText.Of(effect))}");
        Write(effect);
        switch (effect)
        {
            case StoreEnd end:
                _board.Attempts.EndStored(end.Task, end.Result, _now);
                _naive.EndStored(end.Task.TaskId, end.Result.Status, _now);
                break;
            case StoreRequeue requeue:
                _board.Attempts.RequeueStored(requeue, _now);
                _naive.RequeueStored(new TaskAttempt(requeue.Task.TaskId, requeue.After.Attempt), _now);
                break;
            case ReadSpecs read:
                _board.Attempts.SpecsRead(read.Runs, read.Runs.ToDictionary(run => run.Task.TaskId, run => Store.SpecOf(run.Task.TaskId)!), _now);
                _naive.SpecsRead([.. read.Runs.Select(run => new TaskAttempt(run.Task.TaskId, run.Attempt))], _now);
                break;
            case LookUpCache lookUp:
                TaskResult? found = isCached ? new TaskResult { TaskId = "other", Attempt = 1, Status = ExecutionStatus.Completed } : null;
                _board.Attempts.CacheAnswered(lookUp.Task, Store.SpecOf(lookUp.Task.TaskId), found, _now);
                _naive.CacheAnswered(lookUp.Task.TaskId, isCached, _now);
                break;
        }

        Compare();
    }

    /// <summary>Something that the board wanted written is written, and the board does not hear of it.</summary>
    public void Write(BoardEffect effect)
    {
        switch (effect)
        {
            case StoreEnd end:
                // What the board ends is open in the store, under that attempt.
                Assert.True(Store.End(end, _now));
                break;
            case StoreRequeue requeue:
                Assert.True(Store.Requeue(requeue) || requeue.Task.Phase == TaskPhase.Ending);
                break;
            case StoreCancelRequest request:
                Store.NoteCancel(request.Task.TaskId);
                break;
        }
    }

    public void Report(SimulatedExecutor executor, TaskAttempt attempt, AttemptOutcome outcome)
    {
        if (executor.Registration is null)
        {
            return;
        }

        Story.Add($"{executor.Id} reports {attempt} {outcome}");
        bool isOfNow = _naive.Tasks.Any(task => task.Current == attempt);
        bool takesOutput = _board.Attempts.TakesOutput(executor.Registration, attempt);
        bool isTaken = _board.Attempts.Report(executor.Registration, attempt, SimulatedExecutor.ResultOf(attempt, outcome), _now);
        Assert.Equal(_naive.Report(executor.Id, executor.Number, attempt, outcome, _now), isTaken);
        // Output counts where the report does, but for what this board never gave out, whose beginning is not known; and never that of an earlier attempt.
        Assert.True(takesOutput || !(isTaken && _given.Contains(attempt)), $"output of {attempt} is dropped");
        Assert.True(isOfNow || !takesOutput, $"output of {attempt} counts, which is over");
        Assert.True(!isTaken || _accepted.Add(attempt), $"{attempt} was taken twice");
        if (isTaken || IsCurrent(executor))
        {
            executor.Running.Remove(attempt);
        }

        Compare();
    }

    public void Register(SimulatedExecutor executor, int maxTasks, bool isDrained)
    {
        TaskAttempt[] running = [.. executor.Running];
        Story.Add($"{executor.Id} registers for {maxTasks} with {string.Join(", ", running)}{(isDrained ? ", drained" : "")}");
        executor.Register(maxTasks, ++_registrations, _now);
        Dictionary<string, TaskSpec> specs = running.Select(attempt => attempt.TaskId).Distinct()
            .Where(id => Store.SpecOf(id) is not null).ToDictionary(id => id, id => Store.SpecOf(id)!);
        IReadOnlyList<TaskAttempt> stale = _board.Executors.Register(executor.Registration!, running, specs, isDrained, _now);
        Assert.Equal(_naive.Register(executor, maxTasks, running, isDrained, _now), stale);
        executor.Running.RemoveAll(stale.Contains);
        Compare();
    }

    public void Beat(SimulatedExecutor executor, TaskAttempt[] running)
    {
        if (executor.Registration is not null)
        {
            Story.Add($"{executor.Id} lives with {string.Join(", ", running)}");
            IReadOnlyList<TaskAttempt>? stale = _board.Executors.Heartbeat(executor.Registration, running, _now);
            Assert.Equal(_naive.Heartbeat(executor.Id, executor.Number, running, _now), stale);
            executor.Running.RemoveAll(attempt => stale?.Contains(attempt) == true);
            Compare();
        }
    }

    public void Leave(SimulatedExecutor executor) => Interrupt(executor, "leaves", () => _board.Executors.Leave(executor.Registration!, _now), () => _naive.Leave(executor.Id, _now));

    public void BreakOff(SimulatedExecutor executor) => Interrupt(
        executor, "breaks off", () => _board.Executors.Disconnected(executor.Registration!, _now), () => _naive.BreakOff(executor, _now));

    public void Drain(SimulatedExecutor executor) => Interrupt(
        executor, "drains", () => _board.Executors.Drained(executor.Registration!), () => _naive.StopGiving(executor.Id));

    public void Cancel(string id)
    {
        Story.Add($"cancel {id}");
        Assert.Equal(_naive.Cancel(id, _now), _board.Attempts.Cancel(id, _now));
        Compare();
    }

    public void Pass(TimeSpan time)
    {
        DateTimeOffset before = _now;
        _now += time;
        Story.Add($"{_now:ss.fff}");
        if (_board.NextDue <= _now)
        {
            _board.Due(_now);
            _naive.Due(_now);
            Compare();
            Assert.False(_board.NextDue <= _now, "something is due that was to be done");
        }
        else
        {
            Assert.False(_naive.NextDue(before) <= _now, "something is due that the board does not know of");
        }
    }

    /// <summary>The process ends, and another one takes up what is stored. What was on its way to or from the store is lost.</summary>
    public void Restart()
    {
        Story.Add("restart");
        Pending.Clear();
        Submitting.Clear();
        Unnoted.Clear();
        _given.Clear();
        _accepted.Clear();
        (_board, _naive) = (new TaskBoard(_options, () => 0), new NaiveBoard(_options, _specBytes));
        foreach ((TaskSubmission submission, TaskState state) in Store.Open)
        {
            _board.Restart.Restore(TaskRecord.Of(submission) with { State = state }, _now);
        }

        Dictionary<string, ExecutionStatus> parents =
            _board.Restart.EndedParents().Where(id => Store.EndOf(id) is not null).ToDictionary(id => id, id => Store.EndOf(id)!.Value);
        _board.Restart.Start(parents, Store.Executors, _now);
        _naive.Start(Store, _now);
        Compare();
    }

    private static string Text(TaskSpec spec) =>
        $"{spec.TaskId}{(spec.Priority > 0 ? $" priority {spec.Priority}" : "")}{(spec.DependsOn is null ? "" : $" after {string.Join("+", spec.DependsOn)}")}{(spec.Capabilities is null ? "" : " tag")}"
        + $"{(spec.Cache is null ? "" : " cache")}{(spec.Retry is null ? "" : $" {spec.Retry.MaxAttempts} attempts")}{(spec.QueueTimeout is null ? "" : $" within {spec.QueueTimeout}")}";

    private bool Link(Submission submission, List<TaskSpec> batch)
    {
        HashSet<string> stored = [.. batch.Select(spec => spec.TaskId!).Where(id => Store.SpecOf(id) is not null)];
        Dictionary<string, ExecutionStatus?> looked = [];
        bool isAccepted = _naive.Link(batch, Store.EndOf);
        try
        {
            while (_board.Submits.Link(submission, stored, looked) is { Count: > 0 } missing)
            {
                foreach (string id in missing)
                {
                    looked.Add(id, Store.EndOf(id));
                }
            }

            Assert.True(isAccepted);
        }
        catch (InvalidTaskException)
        {
            Assert.False(isAccepted);
        }

        return isAccepted;
    }

    private void Interrupt(SimulatedExecutor executor, string how, Action tell, Action tellNaive)
    {
        if (executor.Registration is null)
        {
            return;
        }

        Story.Add($"{executor.Id} {how}");
        bool isCurrent = IsCurrent(executor);
        tell();
        if (isCurrent)
        {
            tellNaive();
        }

        Compare();
    }

    /// <summary>The effects are those of the naive board, and what it knows of tasks and executors is the same; then they are carried out.</summary>
    private void Compare()
    {
        IReadOnlyList<BoardEffect> effects = _board.TakeEffects();
        string[] texts = [.. effects.SelectMany(EffectText.Of)];
        List<string> expected = _naive.TakeEffects();
        Story.AddRange(texts.Select(text => $"    {text}"));
        Assert.Equal(expected.Order(StringComparer.Ordinal), texts.Order(StringComparer.Ordinal));
        // Who is given what first is part of the rules.
        Assert.Equal(expected.Where(IsRun), texts.Where(IsRun));
        Assert.Equal(_naive.Tasks.Count, _board.Count);
        Assert.Equal(_naive.Executors, _board.ListExecutors(_now).Select(info => $"{info.Registration.ExecutorId} {info.Running} {info.Status != ExecutorStatus.Online}"));
        Assert.All(_naive.Tasks, task => Assert.True(_board.IsLive(task.Id)));
        foreach (BoardEffect effect in effects)
        {
            Seen.Add(effect.GetType().Name);
            CarryOut(effect);
        }

        Seen.UnionWith(_naive.Tasks.Select(task => task.Phase.ToString()));
        Seen.UnionWith(_naive.Tasks.Where(task => task.KeepsSlot).Select(_ => "a slot that is kept"));

        static bool IsRun(string text) => text.StartsWith("run ", StringComparison.Ordinal);
    }

    private void CarryOut(BoardEffect effect)
    {
        switch (effect)
        {
            case RunAttempt run:
                TaskAttempt attempt = new(run.Task.TaskId, run.Attempt);
                Assert.True(_given.Add(attempt), $"{attempt} was given twice");
                Assert.DoesNotContain(attempt, _accepted);
                Unnoted.Add(run);
                ((SimulatedExecutor)run.Executor.Link).Running.Add(attempt);
                break;
            case StopAttempt stop:
                ((SimulatedExecutor)stop.Executor.Link).Stopped.Add(stop.Attempt);
                break;
            case AnnounceEnd announced:
                Assert.True(_announced.Add(announced.Task.TaskId), $"the end of {announced.Task.TaskId} was told twice");
                Assert.Equal(Store.EndOf(announced.Task.TaskId), announced.Result.Status);
                break;
            case SaveExecutor save:
                Store.Executors.Add(save.Executor.Id);
                break;
            case ForgetExecutor forget when !_board.IsRegistered(forget.ExecutorId):
                Store.Executors.Remove(forget.ExecutorId);
                break;
            case StoreEnd or StoreRequeue or StoreCancelRequest or ReadSpecs or LookUpCache:
                Pending.Add(effect);
                break;
        }
    }
}
