using Executor.Scheduling;
using Executor.Tasks;

namespace Executor.Engine.Board;

/// <summary>
/// A history of a board: tasks are submitted, the store answers late, in any order or not at all, executors report, fall silent and come back,
/// the process is restarted. In the end everything comes to rest.
/// </summary>
internal sealed class BoardHistory
{
    private const string Tag = "tag";
    private static readonly TaskSpec Plain = new() { Language = "python", Code = "print(1)" };
    private static readonly int SpecBytes = SpecSize.Of(Plain);

    private readonly ComparedBoard _board;
    private readonly SimulatedExecutor[] _executors;
    private readonly List<TaskSpec> _specs = [];
    private Random _random = new(0);

    public BoardHistory(bool hasRecovery)
    {
        BoardOptions options = new()
        {
            MaxWaiting = 10,
            MaxSpecBytes = 3 * SpecBytes,
            MaxUnstoredResults = 2,
            PriorityAging = TimeSpan.FromSeconds(20),
            QuarantineAfter = 2,
            CancelGrace = TimeSpan.FromSeconds(4),
            RecoveryWindow = TimeSpan.FromSeconds(hasRecovery ? 3 : 0),
        };
        _board = new ComparedBoard(options, SpecBytes);
        _executors =
        [
            new SimulatedExecutor("own", [], lease: null),
            .. Enumerable.Range(0, 3).Select(i => new SimulatedExecutor($"e{i}", i == 0 ? [Tag] : [], TimeSpan.FromSeconds(5))),
        ];
    }

    /// <summary>What kinds of things have happened.</summary>
    public IEnumerable<string> Seen => _board.Seen;

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

            _random = new Random(1);
            ComeToTheEnd();
        }
        catch (Exception failed)
        {
            throw new InvalidOperationException($"{failed.Message}\n{string.Join('\n', _board.Story.TakeLast(80))}", failed);
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
                AnswerOne(fails: _random.Next(8) == 0);
                break;
            case < 62:
                Report(Any(_executors));
                break;
            case < 66 when _specs.Count > 0:
                // What the executor was not told to run, or not by its present registration.
                _board.Report(Any(_executors), new TaskAttempt(Any(_specs).TaskId!, _random.Next(1, 4)), AttemptOutcome.Completed);
                break;
            case < 74:
                Register(Any(_executors), isDrained: _random.Next(8) == 0);
                break;
            case < 80:
                Beat(Any(_executors));
                break;
            case < 83:
                ((Action<SimulatedExecutor>[])[_board.Leave, _board.BreakOff, _board.Drain])[_random.Next(3)](Any(_executors));
                break;
            case < 88 when _specs.Count > 0:
                _board.Cancel(Any(_specs).TaskId!);
                break;
            case < 91 when _board.Unnoted.Count > 0:
                _board.Store.Note(Take(_board.Unnoted));
                break;
            case < 99:
                _board.Pass(TimeSpan.FromMilliseconds(_random.Next(3_000)));
                break;
            default:
                Restart();
                break;
        }
    }

    private void Submit()
    {
        if (_specs.Count > 0 && _random.Next(4) == 0)
        {
            // The same task again, or another one of its id.
            TaskSpec again = Any(_specs);
            _board.Submit([again.DependsOn is null && _random.Next(3) == 0 ? again with { Priority = 9 } : again with { }]);
            return;
        }

        List<TaskSpec> batch = [.. Enumerable.Range(0, _random.Next(1, 4)).Select(i => AnySpec(_specs.Count + i))];
        _specs.AddRange(batch);
        _board.Submit(batch);
    }

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
        int which = _random.Next(int.Max(1, _board.Pending.Count + _board.Submitting.Count));
        if (which >= _board.Submitting.Count)
        {
            if (_board.Pending.Count > 0)
            {
                _board.Done(Take(_board.Pending), isCached: _random.Next(2) == 0);
            }

            return;
        }

        SubmittedBatch batch = Any(_board.Submitting);
        if (_random.Next(3) > 0)
        {
            // The answer comes later, or is lost.
            batch.Store(_board.Store);
        }

        if (fails)
        {
            _board.Submitting.Remove(batch);
            _board.StoreFailed(batch);
        }
        else if (_random.Next(2) == 0)
        {
            _board.Submitting.Remove(batch);
            _board.Stored(batch);
        }
    }

    private void Report(SimulatedExecutor executor)
    {
        if (executor.Running.Count > 0)
        {
            TaskAttempt attempt = Any(executor.Running);
            _board.Report(executor, attempt, executor.Stopped.Contains(attempt) ? AttemptOutcome.Cancelled : (AttemptOutcome)_random.Next(4));
        }
    }

    private void Register(SimulatedExecutor executor, bool isDrained = false)
    {
        if (_random.Next(4) == 0)
        {
            // It was started again, or has forgotten something.
            executor.Running.RemoveAll(_ => _random.Next(2) == 0);
        }

        _board.Register(executor, maxTasks: _random.Next(1, 4), isDrained);
    }

    private void Beat(SimulatedExecutor executor) => _board.Beat(executor, [.. executor.Running.Where(_ => _random.Next(6) > 0)]);

    private void Restart()
    {
        foreach (SimulatedExecutor executor in _executors)
        {
            executor.Registration = null;
        }

        foreach (BoardEffect effect in _board.Pending.Where(_ => _random.Next(2) == 0))
        {
            _board.Write(effect);
        }

        _board.Restart();
    }

    /// <summary>Nothing bad happens any more: every task that is stored ends, once.</summary>
    private void ComeToTheEnd()
    {
        for (int round = 0; round < 1_000 && (_board.Pending.Count + _board.Submitting.Count + _board.Count > 0 || !_board.IsIdle); round++)
        {
            while (_board.Pending.Count + _board.Submitting.Count > 0)
            {
                AnswerOne();
            }

            foreach (SimulatedExecutor executor in _executors)
            {
                if (!_board.IsCurrent(executor) || round % 10 == 0)
                {
                    Register(executor);
                }

                foreach (TaskAttempt attempt in executor.Running.ToList())
                {
                    _board.Report(executor, attempt, AttemptOutcome.Completed);
                }

                Beat(executor);
            }

            _board.Pass(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(0, _board.Count);
        if (_board.Store.Open.Select(task => task.Submission.Spec).MinBy(spec => _specs.FindIndex(other => other.TaskId == spec.TaskId)) is TaskSpec open)
        {
            // What was stored though nobody was told so is submitted again, after what it depends on.
            _board.Submit([open]);
            ComeToTheEnd();
            return;
        }

        Assert.All(_board.Store.Ids, id => Assert.Equal(1, _board.Store.Ends[id]));
        Assert.True(_board.IsIdle);
    }

    private T Any<T>(IReadOnlyList<T> of) => of[_random.Next(of.Count)];

    private T Take<T>(List<T> from)
    {
        T taken = Any(from);
        from.Remove(taken);
        return taken;
    }
}
