using Executor.Execution;
using Executor.Executors;
using Executor.Scheduling;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Engine.Board;

/// <summary>
/// A history of a board in simulated time: tasks are submitted, the store answers late, in any order or not at all, executors report, fall
/// silent and come back, the process is restarted. After each step the board is compared with the <see cref="NaiveBoard"/>, and what it had
/// done is held against what must never happen.
/// </summary>
internal sealed class BoardHistory
{
    private const string Tag = "tag";
    private static readonly TaskSpec Plain = new() { Language = "python", Code = "print(1)" };
    private static readonly int SpecBytes = SpecSize.Of(Plain);

    private readonly BoardOptions _options;
    private readonly SimulatedStore _store = new();
    private readonly SimulatedExecutor[] _executors;
    private readonly List<TaskSpec> _specs = [];
    private readonly List<BoardEffect> _pending = [];
    private readonly List<RunAttempt> _unnoted = [];
    private readonly List<(Submission Submission, IReadOnlyList<TaskSpec> Specs, bool IsWorkflow)> _submitting = [];
    private readonly List<string> _story = [];
    private readonly HashSet<TaskAttempt> _given = [];
    private readonly HashSet<string> _announced = [];
    private readonly HashSet<TaskAttempt> _accepted = [];
    private TaskBoard _board;
    private NaiveBoard _naive;
    private DateTimeOffset _now = new(2031, 5, 17, 10, 0, 0, TimeSpan.Zero);
    private Random _random = new(0);
    private long _registrations;

    public BoardHistory(bool hasRecovery)
    {
        _options = new BoardOptions
        {
            MaxWaiting = 25,
            MaxSpecBytes = 3 * SpecBytes,
            MaxUnstoredResults = 2,
            CancelGrace = TimeSpan.FromSeconds(4),
            RecoveryWindow = TimeSpan.FromSeconds(hasRecovery ? 3 : 0),
        };
        _executors =
        [
            new SimulatedExecutor("own", hasTag: false, lease: null),
            .. Enumerable.Range(0, 3).Select(i => new SimulatedExecutor($"e{i}", hasTag: i == 0, TimeSpan.FromSeconds(5))),
        ];
        (_board, _naive) = (new TaskBoard(_options, () => 0), new NaiveBoard(_options, SpecBytes));
        Restart();
    }

    /// <summary>Lives through a history, then lets everything come to its end.</summary>
    /// <param name="steps">What happens: each number is a step, whatever it is.</param>
    public void Live(IEnumerable<uint> steps)
    {
        try
        {
            foreach (uint step in steps)
            {
                _random = new Random((int)(step & int.MaxValue));
                Step();
            }

            ComeToTheEnd();
        }
        catch (Exception failed)
        {
            throw new InvalidOperationException($"{failed.Message}\n{string.Join('\n', _story.TakeLast(80))}", failed);
        }
    }

    private void Step()
    {
        switch (_random.Next(100))
        {
            case < 18:
                Submit();
                break;
            case < 45:
                AnswerOne(_random.Next(8) == 0);
                break;
            case < 62:
                Report(Any(_executors));
                break;
            case < 66:
                Forge(Any(_executors));
                break;
            case < 74:
                Register(Any(_executors), isDrained: _random.Next(8) == 0);
                break;
            case < 80:
                Beat(Any(_executors));
                break;
            case < 83:
                Interrupt(Any(_executors));
                break;
            case < 88:
                Cancel();
                break;
            case < 91:
                Note();
                break;
            case < 99:
                Pass(TimeSpan.FromMilliseconds(_random.Next(3_000)));
                break;
            default:
                Restart();
                break;
        }
    }

    private void Submit()
    {
        List<TaskSpec> batch = [.. Enumerable.Range(0, _random.Next(1, 4)).Select(i => AnySpec(_specs.Count + i))];
        if (_specs.Count > 0 && _random.Next(4) == 0)
        {
            // The same task again, or another one of its id.
            TaskSpec again = Any(_specs);
            batch = [again.DependsOn is null && _random.Next(3) == 0 ? again with { Priority = 9 } : again with { }];
        }
        else
        {
            _specs.AddRange(batch);
        }

        Submit(batch);
    }

    private void Submit(List<TaskSpec> batch)
    {
        _story.Add($"{_now:ss.fff} submit {string.Join(", ", batch.Select(Text))}");
        bool isWorkflow = batch.Any(spec => spec.DependsOn is not null);
        if (isWorkflow && _submitting.Exists(other => other.IsWorkflow))
        {
            return;
        }

        if (!_naive.CanSubmit(batch.Count))
        {
            Assert.Throws<QueueFullException>(() => _board.Submits.Submit(Submissions(batch), null));
            return;
        }

        Submission submission = _board.Submits.Submit(Submissions(batch), null);
        _naive.Submit(batch);
        if (isWorkflow && !Link(submission, batch))
        {
            _board.Submits.StoreFailed(submission);
            _naive.StoreFailed(batch);
        }
        else
        {
            _submitting.Add((submission, batch, isWorkflow));
        }

        Compare();
    }

    private bool Link(Submission submission, List<TaskSpec> batch)
    {
        HashSet<string> stored = [.. batch.Select(spec => spec.TaskId!).Where(id => _store.SpecOf(id) is not null)];
        Dictionary<string, ExecutionStatus?> looked = [];
        bool isAccepted = _naive.Link(batch, _store.EndOf);
        try
        {
            while (_board.Submits.Link(submission, stored, looked) is { Count: > 0 } missing)
            {
                foreach (string id in missing)
                {
                    looked.Add(id, _store.EndOf(id));
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

    private IReadOnlyList<TaskSubmission> Submissions(List<TaskSpec> batch) => [.. batch.Select(spec => new TaskSubmission(spec, _now))];

    private TaskSpec AnySpec(int number) => Plain with
    {
        TaskId = $"t{number}",
        Priority = _random.Next(3),
        Capabilities = _random.Next(4) == 0 ? [Tag] : null,
        DependsOn = number > 0 && _random.Next(3) == 0
            ? [.. Enumerable.Range(0, _random.Next(1, 3)).Select(_ => $"t{int.Max(0, number - _random.Next(1, 6))}").Distinct()]
            : null,
        Retry = _random.Next(3) == 0 ? new RetryPolicy { MaxAttempts = _random.Next(1, 4), Backoff = TimeSpan.FromSeconds(_random.Next(3)) } : null,
        QueueTimeout = _random.Next(5) == 0 ? TimeSpan.FromSeconds(_random.Next(1, 6)) : null,
        Cache = _random.Next(5) == 0 ? new CacheOptions() : null,
    };

    /// <summary>One thing that the store was asked is done.</summary>
    private void AnswerOne(bool fails = false)
    {
        int which = _random.Next(int.Max(1, _pending.Count + _submitting.Count));
        if (which < _submitting.Count)
        {
            AnswerSubmit(which, fails);
        }
        else if (which - _submitting.Count < _pending.Count)
        {
            BoardEffect effect = _pending[which - _submitting.Count];
            _pending.Remove(effect);
            Answer(effect);
        }

        Compare();
    }

    private void AnswerSubmit(int which, bool fails)
    {
        (Submission submission, IReadOnlyList<TaskSpec> specs, _) = _submitting[which];
        _submitting.RemoveAt(which);
        if (fails && _random.Next(2) == 0)
        {
            _story.Add($"not stored {string.Join(", ", specs.Select(spec => spec.TaskId))}");
            _board.Submits.StoreFailed(submission);
            _naive.StoreFailed(specs);
            return;
        }

        SubmitOutcome[] outcomes = [.. submission.Tasks.Select(_store.Submit)];
        _story.Add($"stored {string.Join(", ", specs.Zip(outcomes).Select(pair => $"{pair.First.TaskId} {pair.Second.Status}"))}{(fails ? ", but the answer is lost" : "")}");
        if (fails)
        {
            // It is stored, but the answer is lost.
            _board.Submits.StoreFailed(submission);
            _naive.StoreFailed(specs);
            return;
        }

        int before = _board.Count;
        Assert.Equal(_board.Submits.Stored(submission, outcomes, _now), _board.Count - before);
        _naive.Stored(specs, outcomes, submission.Tasks[0].SubmittedAt, _now);
    }

    private void Answer(BoardEffect effect)
    {
        _story.Add($"done: {string.Join(", ", EffectText.Of(effect))}");
        switch (effect)
        {
            case StoreEnd end:
                // What the board ends is open in the store, under that attempt.
                Assert.True(_store.End(end, _now));
                _board.Attempts.EndStored(end.Task, end.Result, _now);
                _naive.EndStored(end.Task.TaskId, end.Result.Status, _now);
                break;
            case StoreRequeue requeue:
                Assert.True(_store.Requeue(requeue) || requeue.Task.Phase == TaskPhase.Ending);
                _board.Attempts.RequeueStored(requeue, _now);
                _naive.RequeueStored(new TaskAttempt(requeue.Task.TaskId, requeue.After.Attempt), _now);
                break;
            case StoreCancelRequest request:
                _store.NoteCancel(request.Task.TaskId);
                break;
            case ReadSpecs read:
                _board.Attempts.SpecsRead(read.Runs, read.Runs.ToDictionary(run => run.Task.TaskId, run => _store.SpecOf(run.Task.TaskId)!), _now);
                _naive.SpecsRead([.. read.Runs.Select(run => new TaskAttempt(run.Task.TaskId, run.Attempt))], _now);
                break;
            case LookUpCache lookUp:
                bool isFound = _random.Next(2) == 0;
                TaskResult found = new() { TaskId = "other", Attempt = 1, Status = ExecutionStatus.Completed };
                _board.Attempts.CacheAnswered(lookUp.Task, _store.SpecOf(lookUp.Task.TaskId), isFound ? found : null, _now);
                _naive.CacheAnswered(lookUp.Task.TaskId, isFound, _now);
                break;
        }
    }

    private void Report(SimulatedExecutor executor)
    {
        if (executor.Running.Count > 0)
        {
            TaskAttempt attempt = Any(executor.Running);
            Report(executor, attempt, executor.Stopped.Contains(attempt) ? AttemptOutcome.Cancelled : (AttemptOutcome)_random.Next(4));
        }
    }

    /// <summary>Something that the executor was not told to run, or not by its present registration.</summary>
    private void Forge(SimulatedExecutor executor)
    {
        if (_specs.Count > 0)
        {
            Report(executor, new TaskAttempt(Any(_specs).TaskId!, _random.Next(1, 4)), AttemptOutcome.Completed);
        }
    }

    private void Report(SimulatedExecutor executor, TaskAttempt attempt, AttemptOutcome outcome)
    {
        if (executor.Registration is null)
        {
            return;
        }

        _story.Add($"{executor.Id} reports {attempt} {outcome}");
        bool isTaken = _board.Attempts.Report(executor.Registration, attempt, ResultOf(attempt, outcome), _now);
        Assert.Equal(_naive.Report(executor.Id, executor.Number, attempt, outcome, _now), isTaken);
        if (isTaken)
        {
            Assert.True(_accepted.Add(attempt), $"{attempt} was reported twice");
            executor.Running.Remove(attempt);
        }
        else if (_naive.IsCurrent(executor.Id, executor.Number))
        {
            executor.Running.Remove(attempt);
        }

        Compare();
    }

    private static TaskResult ResultOf(TaskAttempt attempt, AttemptOutcome outcome) => new()
    {
        TaskId = attempt.TaskId,
        Attempt = attempt.Attempt,
        Status = outcome switch
        {
            AttemptOutcome.Completed => ExecutionStatus.Completed,
            AttemptOutcome.Cancelled => ExecutionStatus.Cancelled,
            _ => ExecutionStatus.Failed,
        },
        Error = outcome switch
        {
            AttemptOutcome.Failed => new TaskError { Type = TaskErrorTypes.ExitCode, Message = "it failed" },
            AttemptOutcome.InfrastructureFailed => new TaskError { Type = TaskErrorTypes.AgentLost, Message = "we failed" },
            _ => null,
        },
    };

    private void Register(SimulatedExecutor executor, bool isDrained = false)
    {
        if (_random.Next(4) == 0)
        {
            // It was started again, or has forgotten something.
            executor.Running.RemoveAll(_ => _random.Next(2) == 0);
        }

        ExecutorRegistration registration = new()
        {
            ExecutorId = executor.Id,
            Host = "host",
            MaxTasks = _random.Next(1, 4),
            Capabilities = executor.HasTag ? [Tag] : [],
        };
        TaskAttempt[] running = [.. executor.Running];
        executor.Registration = new BoardExecutor(registration, executor.Lease, executor, _now);
        executor.Number = ++_registrations;
        _story.Add($"{executor.Id} registers for {registration.MaxTasks} with {string.Join(", ", running)}{(isDrained ? ", drained" : "")}");
        Dictionary<string, TaskSpec> specs = running.Select(attempt => attempt.TaskId).Distinct()
            .Where(id => _store.SpecOf(id) is not null).ToDictionary(id => id, id => _store.SpecOf(id)!);
        IReadOnlyList<TaskAttempt> stale =
            _board.Executors.Register(executor.Registration, registration.ToOffer(executor.Lease), running, specs, isDrained, _now);
        Assert.Equal(
            _naive.Register(executor.Id, executor.Number, registration.MaxTasks, executor.HasTag, executor.Lease, running, isDrained, _now), stale);
        executor.Running.RemoveAll(stale.Contains);
        Compare();
    }

    private void Beat(SimulatedExecutor executor)
    {
        if (executor.Registration is not null)
        {
            TaskAttempt[] running = [.. executor.Running.Where(_ => _random.Next(6) > 0)];
            _story.Add($"{executor.Id} lives with {string.Join(", ", running)}");
            IReadOnlyList<TaskAttempt>? stale = _board.Executors.Heartbeat(executor.Registration, running, _now);
            Assert.Equal(_naive.Heartbeat(executor.Id, executor.Number, running, _now), stale);
            executor.Running.RemoveAll(attempt => stale?.Contains(attempt) == true);
            Compare();
        }
    }

    private void Interrupt(SimulatedExecutor executor)
    {
        if (executor.Registration is null)
        {
            return;
        }

        bool isCurrent = _naive.IsCurrent(executor.Id, executor.Number);
        int how = _random.Next(3);
        _story.Add($"{executor.Id} {((string[])["leaves", "breaks off", "drains"])[how]}");
        switch (how)
        {
            case 0:
                _board.Executors.Leave(executor.Registration, _now);
                if (isCurrent)
                {
                    _naive.Leave(executor.Id, _now);
                }

                break;
            case 1:
                _board.Executors.Disconnected(executor.Registration, _now);
                if (isCurrent && executor.Lease is null)
                {
                    _naive.Leave(executor.Id, _now);
                }
                else if (isCurrent)
                {
                    _naive.StopGiving(executor.Id);
                }

                break;
            default:
                _board.Executors.Drained(executor.Registration);
                if (isCurrent)
                {
                    _naive.StopGiving(executor.Id);
                }

                break;
        }

        Compare();
    }

    private void Cancel()
    {
        if (_specs.Count > 0)
        {
            string id = Any(_specs).TaskId!;
            _story.Add($"cancel {id}");
            Assert.Equal(_naive.Cancel(id, _now), _board.Attempts.Cancel(id, _now));
            Compare();
        }
    }

    private void Note()
    {
        if (_unnoted.Count > 0)
        {
            RunAttempt run = Any(_unnoted);
            _unnoted.Remove(run);
            _store.Note(run);
        }
    }

    private void Pass(TimeSpan time)
    {
        DateTimeOffset before = _now;
        _now += time;
        _story.Add($"{_now:ss.fff}");
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

    /// <summary>The process ends, and another one takes up what is stored.</summary>
    private void Restart()
    {
        _story.Add("restart");
        _pending.Clear();
        _submitting.Clear();
        _given.Clear();
        _accepted.Clear();
        _unnoted.Clear();
        foreach (SimulatedExecutor executor in _executors)
        {
            executor.Registration = null;
        }

        (_board, _naive) = (new TaskBoard(_options, () => 0), new NaiveBoard(_options, SpecBytes));
        foreach ((TaskSubmission submission, TaskState state) in _store.Open)
        {
            _board.Restart.Restore(TaskRecord.Of(submission) with { State = state }, _now);
        }

        _board.Restart.Start(
            _board.Restart.EndedParents().Where(id => _store.EndOf(id) is not null).ToDictionary(id => id, id => _store.EndOf(id)!.Value), _store.Executors, _now);
        _naive.Start([.. _store.Open.Select(task => (task.Submission.Spec, task.Submission.SubmittedAt, task.State))], _store.EndOf, _store.Executors, _now);
        Compare();
    }

    /// <summary>The effects are those of the naive board, and what it knows of tasks and executors is the same; then they are carried out.</summary>
    private void Compare()
    {
        IReadOnlyList<BoardEffect> effects = _board.TakeEffects();
        string[] texts = [.. effects.SelectMany(EffectText.Of)];
        List<string> expected = _naive.TakeEffects();
        _story.AddRange(texts.Select(text => $"    {text}"));
        Assert.Equal(expected.Order(StringComparer.Ordinal), texts.Order(StringComparer.Ordinal));
        // Who is given what first is part of the rules.
        Assert.Equal(expected.Where(IsRun), texts.Where(IsRun));
        Assert.Equal(_naive.Tasks.Count, _board.Count);
        Assert.Equal(_naive.Workers, _board.ListExecutors(_now).Select(info => $"{info.Registration.ExecutorId} {info.Running} {info.Status != ExecutorStatus.Online}"));
        foreach (NaiveTask task in _naive.Tasks)
        {
            Assert.True(_board.IsLive(task.Id));
        }

        foreach (BoardEffect effect in effects)
        {
            CarryOut(effect);
        }

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
                _unnoted.Add(run);
                ((SimulatedExecutor)run.Executor.Link).Running.Add(attempt);
                break;
            case StopAttempt stop:
                ((SimulatedExecutor)stop.Executor.Link).Stopped.Add(stop.Attempt);
                break;
            case AnnounceEnd announced:
                Assert.True(_announced.Add(announced.Task.TaskId), $"the end of {announced.Task.TaskId} was told twice");
                Assert.Equal(_store.EndOf(announced.Task.TaskId), announced.Result.Status);
                break;
            case SaveExecutor save:
                _store.Executors.Add(save.Executor.Id);
                break;
            case ForgetExecutor forget when !_board.IsRegistered(forget.ExecutorId):
                _store.Executors.Remove(forget.ExecutorId);
                break;
            case StoreEnd or StoreRequeue or StoreCancelRequest or ReadSpecs or LookUpCache:
                _pending.Add(effect);
                break;
        }
    }

    /// <summary>Nothing bad happens any more: every task that is stored ends, once.</summary>
    private void ComeToTheEnd()
    {
        _random = new Random(1);
        for (int round = 0; round < 1_000 && (_pending.Count + _submitting.Count + _board.Count > 0); round++)
        {
            while (_pending.Count + _submitting.Count > 0)
            {
                AnswerOne();
            }

            foreach (SimulatedExecutor executor in _executors)
            {
                if (executor.Registration is null || !_naive.IsCurrent(executor.Id, executor.Number) || round % 10 == 0)
                {
                    Register(executor);
                }

                foreach (TaskAttempt attempt in executor.Running.ToList())
                {
                    Report(executor, attempt, AttemptOutcome.Completed);
                }

                Beat(executor);
            }

            Pass(TimeSpan.FromSeconds(1));
        }

        // What was stored though nobody was told so is submitted again.
        if (_store.Open is { Count: > 0 } open)
        {
            Assert.Equal(0, _board.Count);
            Submit([.. open.Select(task => task.Submission.Spec)]);
            ComeToTheEnd();
            return;
        }

        Assert.Equal(0, _board.Count);
        Assert.All(_store.Ids, id => Assert.Equal(1, _store.Ends[id]));
        Assert.Equal(new ExecutionLoadNumbers(0, 0), new ExecutionLoadNumbers(_board.Load().Waiting, _board.Load().Running));
    }

    private static string Text(TaskSpec spec) =>
        $"{spec.TaskId}{(spec.Priority > 0 ? $" priority {spec.Priority}" : "")}{(spec.DependsOn is null ? "" : $" after {string.Join("+", spec.DependsOn)}")}{(spec.Capabilities is null ? "" : " tag")}"
        + $"{(spec.Cache is null ? "" : " cache")}{(spec.Retry is null ? "" : $" {spec.Retry.MaxAttempts} attempts")}{(spec.QueueTimeout is null ? "" : $" within {spec.QueueTimeout}")}";

    private T Any<T>(IReadOnlyList<T> of) => of[_random.Next(of.Count)];

    private readonly record struct ExecutionLoadNumbers(long Waiting, long Running);
}
