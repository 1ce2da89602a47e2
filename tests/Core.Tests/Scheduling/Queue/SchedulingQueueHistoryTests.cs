using Executor.Tasks;

namespace Executor.Scheduling;

/// <summary>Random histories: whatever is asked, the queue answers as the plain model does, and never promises anything twice.</summary>
public sealed class SchedulingQueueHistoryTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Random_history_is_answered_as_by_the_plain_model(int seed)
    {
        History history = new(seed);
        for (int step = 0; step < 500; step++)
        {
            history.Step();
        }

        Assert.True(history.Assigned > 25, "the history was too quiet to say anything");
    }

    private sealed class History
    {
        private static readonly DateTimeOffset Epoch = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

        private readonly Random _random;
        private readonly SchedulingQueue _queue;
        private readonly NaiveQueue _model;
        private readonly HoldingsLedger _ledger = new();
        private readonly Dictionary<string, int> _attempts = [];
        private DateTimeOffset _now = Epoch;

        public History(int seed)
        {
            _random = new Random(seed);
            SchedulingOptions options = new()
            {
                PriorityAging = TimeSpan.FromSeconds(_random.Next(4)),
                MaxPasses = _random.Next(5),
                MaxPassTime = TimeSpan.FromSeconds(_random.Next(1, 12)),
            };
            _queue = new SchedulingQueue(options);
            _model = new NaiveQueue(options);
        }

        public int Assigned { get; private set; }

        public void Step()
        {
            _now += TimeSpan.FromMilliseconds(_random.Next(800));
            switch (_random.Next(100))
            {
                case < 34:
                    Enqueue();
                    break;
                case < 38:
                    string cancelled = AnyTask();
                    Assert.Equal(_model.Cancel(cancelled), _queue.Cancel(cancelled));
                    break;
                case < 43:
                    Register();
                    break;
                case < 52:
                    Heartbeat();
                    break;
                case < 70:
                    Release();
                    break;
                case < 71:
                    string lost = AnyExecutor();
                    _ledger.Lost(AssertSame(_model.Lose(lost), _queue.Lose(lost)));
                    _ledger.Unregistered(lost);
                    break;
                case < 72:
                    string drained = AnyExecutor();
                    AssertSame(_model.Drain(drained), _queue.Drain(drained));
                    break;
                case < 82:
                    int most = _random.Next(1, 8);
                    Assign(_model.Assign(_now, most), _queue.Assign(_now, most));
                    break;
                case < 92:
                    (string executor, int max) = (AnyExecutor(), _random.Next(1, 5));
                    Assign(_model.AssignTo(executor, max, _now), _queue.AssignTo(executor, max, _now));
                    break;
                case < 96:
                    AssertSame(_model.ExpireWaiting(_now), _queue.ExpireWaiting(_now));
                    break;
                default:
                    ExpireLeases();
                    break;
            }

            Assert.Equal(_model.WaitingCount, _queue.WaitingCount);
            Assert.Equal(_model.HeldCount, _queue.HeldCount);
            Assert.Equal(
                _model.Workers, _queue.Executors().Select(it => (it.ExecutorId, it.Held, it.Free, it.IsDraining)));
        }

        private void Enqueue()
        {
            for (int count = _random.Next(1, 4); count > 0; count--)
            {
                string taskId = $"t{_random.Next(400)}";
                QueuedTask task = new()
                {
                    TaskId = taskId,
                    Attempt = _attempts.GetValueOrDefault(taskId) + 1,
                    Priority = _random.Next(4) == 0 ? _random.Next(-1, 3) : 0,
                    SubmittedAt = _random.Next(3) == 0 ? Epoch.AddSeconds(_random.Next(60)) : _now,
                    Requirements = Pick(null, RandomRequirements(), RandomRequirements()),
                    NotBefore = _random.Next(5) == 0 ? _now.AddSeconds(_random.Next(-1, 6)) : null,
                    ExpiresAt = _random.Next(4) == 0 ? _now.AddSeconds(_random.Next(0, 30)) : null,
                };
                EnqueueResult result = _queue.Enqueue(task);
                Assert.Equal(_model.Enqueue(task), result);
                if (result == EnqueueResult.Queued)
                {
                    _attempts[taskId] = task.Attempt;
                }
            }
        }

        private TaskRequirements RandomRequirements() => new()
        {
            Runner = Pick<RunnerKind?>(null, null, null, RunnerKind.Localhost, RunnerKind.Docker),
            CodeExecutor = Pick(null, null, null, "python_a", "python_b"),
            Capabilities = Pick(NameSet.Empty, NameSet.Empty, NameSet.Of("gpu"), NameSet.Of("torch", "gpu"), NameSet.Of("nobody")),
            Resources = new ResourceAmounts(
                1, Pick(0, 500, 1000, 4000), Pick(0, 0, 256, 1024, 4096), Pick(0, 0, 0, 1, 2)),
        };

        private void Register()
        {
            string executorId = AnyExecutor();
            ExecutorOffer offer = new()
            {
                MaxTasks = _random.Next(1, 6),
                Runners = Pick<IReadOnlyList<RunnerKind>>([RunnerKind.Localhost], [RunnerKind.Localhost, RunnerKind.Docker]),
                CodeExecutors = Pick(NameSet.Empty, NameSet.Of("python_a"), NameSet.Of("python_a", "python_b")),
                Capabilities = Pick(NameSet.Empty, NameSet.Of("gpu"), NameSet.Of("gpu", "torch", "avx")),
                Cpus = Pick<double?>(null, 2, 4, 8),
                MemoryMb = Pick<int?>(null, 2048, 8192),
                GpuDevices = Pick<IReadOnlyList<int>>([], [0], [3, 1, 2]),
                Lease = Pick<TimeSpan?>(null, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30)),
            };
            List<TaskAttempt> running = SomeRunning(executorId);
            Registration expected = _model.Register(executorId, offer, running, _now);
            Registration actual = _queue.Register(executorId, offer, running, _now);
            _ledger.Lost(AssertSame(expected.Lost, actual.Lost));
            AssertSame(expected.Stale, actual.Stale);
            _ledger.Registered(executorId, offer);
        }

        private void Heartbeat()
        {
            string executorId = AnyExecutor();
            List<TaskAttempt> running = SomeRunning(executorId);
            HeartbeatResult expected = _model.Heartbeat(executorId, running, _now);
            HeartbeatResult actual = _queue.Heartbeat(executorId, running, _now);
            if (expected is HeartbeatAccepted accepted)
            {
                AssertSame(accepted.Stale, Assert.IsType<HeartbeatAccepted>(actual).Stale);
            }
            else
            {
                Assert.Equal(expected, actual);
            }
        }

        private void Release()
        {
            string executorId = AnyExecutor();
            TaskAttempt reported = SomeRunning(executorId).FirstOrDefault(new TaskAttempt(AnyTask(), 1));
            ReleaseResult result = _queue.Release(executorId, reported);
            Assert.Equal(_model.Release(executorId, reported), result);
            Assert.Equal(_ledger.IsHeld(executorId, reported), result == ReleaseResult.Released);
            if (result == ReleaseResult.Released)
            {
                _ledger.Lost([reported]);
            }
        }

        private void Assign(IReadOnlyList<Assignment> expected, IReadOnlyList<Assignment> actual)
        {
            Assert.Equal(expected.Select(Describe), actual.Select(Describe));
            foreach (Assignment assignment in actual)
            {
                _ledger.Assigned(assignment);
                Assigned++;
            }

            static string Describe(Assignment it) =>
                $"{it.Task} to {it.ExecutorId} [{string.Join(',', it.GpuDevices)}] until {it.LeaseExpiresAt:O}";
        }

        private void ExpireLeases()
        {
            LeaseSweep expected = _model.ExpireLeases(_now);
            LeaseSweep actual = _queue.ExpireLeases(_now);
            Assert.Equal(expected.LostExecutors, actual.LostExecutors);
            Assert.Equal(expected.LostTasks, actual.LostTasks);
            _ledger.Lost(actual.LostTasks.Select(held => held.Task));
            foreach (string executorId in actual.LostExecutors)
            {
                _ledger.Unregistered(executorId);
            }
        }

        /// <summary>Most of what the executor holds, and now and then something that it has no business to run.</summary>
        private List<TaskAttempt> SomeRunning(string executorId)
        {
            List<TaskAttempt> running = [.. _ledger.HeldBy(executorId).Where(_ => _random.Next(6) != 0)];
            if (_random.Next(3) == 0)
            {
                running.Add(new TaskAttempt(AnyTask(), _random.Next(1, 4)));
            }

            return [.. running.Distinct().OrderBy(_ => _random.Next())];
        }

        private string AnyTask() => $"t{_random.Next(400)}";

        private string AnyExecutor() => $"e{_random.Next(6)}";

        private T Pick<T>(params T[] values) => values[_random.Next(values.Length)];

        private static IReadOnlyList<TaskAttempt> AssertSame(
            IReadOnlyList<TaskAttempt> expected, IReadOnlyList<TaskAttempt> actual)
        {
            Assert.Equal(expected, actual);
            return actual;
        }
    }
}
