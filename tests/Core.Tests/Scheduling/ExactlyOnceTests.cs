using Executor.Tasks;
using static Executor.Scheduling.Samples;

namespace Executor.Scheduling;

/// <summary>
/// Queue and lifecycle together as a host uses them, with executors that crash, hang, come back, lose their connection and
/// report late or twice: every task ends exactly once, none is lost, and no stale report is taken.
/// </summary>
public sealed class ExactlyOnceTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Every_task_ends_exactly_once_whatever_executors_do(int seed)
    {
        Host host = new(seed);
        for (int step = 0; step < 3000; step++)
        {
            host.Step(isQuiet: false);
        }

        for (int step = 0; step < 20_000 && !host.IsDone; step++)
        {
            host.Step(isQuiet: true);
        }

        host.AssertEverythingEndedOnce();
    }

    private sealed class Host(int seed)
    {
        private static readonly RetryRules Rules = new()
        {
            Policy = new RetryPolicy { MaxAttempts = 3 },
            MaxLossRetries = 1000,
        };

        private readonly Random _random = new(seed);
        private readonly SchedulingQueue _queue = new();
        private readonly Dictionary<string, TaskLifecycle> _tasks = [];
        private readonly Dictionary<string, QueuedTask> _specs = [];
        private readonly Dictionary<string, int> _endings = [];
        private readonly List<HeldTask> _running = [];
        private readonly List<HeldTask> _lateReports = [];
        private double _now;
        private int _refused;

        public bool IsDone => _tasks.Values.All(task => task.Status.IsFinal());

        public void Step(bool isQuiet)
        {
            _now += _random.NextDouble();
            string executor = $"e{_random.Next(5)}";
            switch (_random.Next(isQuiet ? 8 : 12))
            {
                case 0 or 1:
                    Register(executor);
                    break;
                case 2:
                    LeaseSweep sweep = _queue.ExpireLeases(At(_now));
                    Requeue(sweep.LostTasks.Select(held => held.Task), LossReason.LeaseExpired);
                    break;
                case 3 or 4:
                    _queue.Assign(At(_now)).ToList().ForEach(Start);
                    break;
                case 5 or 6 when _running.Count > 0:
                    HeldTask done = _running[_random.Next(_running.Count)];
                    Report(done, isQuiet ? AttemptOutcome.Completed : (AttemptOutcome)_random.Next(3));
                    _running.Remove(done);
                    _lateReports.Add(done);
                    break;
                case 7 when !isQuiet:
                    string cancelled = $"t{_random.Next(300)}";
                    if (_tasks.TryGetValue(cancelled, out TaskLifecycle? task) && _random.Next(3) == 0)
                    {
                        Cancel(cancelled, task);
                    }

                    break;
                case 8 or 9:
                    Submit();
                    break;
                case 10:
                    // The process is gone, and the scheduler may or may not have noticed.
                    _lateReports.AddRange(_running.Where(it => it.ExecutorId == executor));
                    _running.RemoveAll(it => it.ExecutorId == executor);
                    if (_random.Next(2) == 0)
                    {
                        Requeue(_queue.Lose(executor), LossReason.ExecutorLost);
                    }

                    break;
                case 11 when _lateReports.Count > 0:
                    Report(_lateReports[_random.Next(_lateReports.Count)], AttemptOutcome.Completed);
                    break;
                default:
                    _queue.Heartbeat(executor, [.. Running(executor)], At(_now));
                    break;
            }
        }

        public void AssertEverythingEndedOnce()
        {
            Assert.True(_tasks.Count > 200);
            Assert.True(_refused > 20, "no stale report was ever made");
            Assert.All(_tasks, pair =>
            {
                Assert.True(pair.Value.Status.IsFinal(), $"{pair.Key} is {pair.Value.Status}");
                Assert.Equal(1, _endings[pair.Key]);
            });
            Assert.Equal(0, _queue.WaitingCount);
        }

        private void Submit()
        {
            QueuedTask task = Task($"t{_tasks.Count}", _random.Next(3), _now, _random.Next(2) == 0 ? null : Cpus(_random.Next(1, 4)));
            _specs.Add(task.TaskId, task);
            _tasks.Add(task.TaskId, TaskLifecycle.Submitted);
            _queue.Enqueue(task);
        }

        private void Register(string executor)
        {
            Registration registration = _queue.Register(
                executor,
                Slots(4) with { Cpus = 4, Lease = TimeSpan.FromSeconds(20) },
                [.. Running(executor)],
                At(_now));
            _running.RemoveAll(it => it.ExecutorId == executor && registration.Stale.Contains(it.Task));
            Requeue(registration.Lost, LossReason.ExecutorLost);
        }

        private void Start(Assignment given)
        {
            TaskLifecycle task = _tasks[given.Task.TaskId];
            TaskLifecycle started = Assert.IsType<TaskStarted>(task.Start(given.ExecutorId, At(_now))).After;
            Assert.Equal(given.Task.Attempt, started.Attempt);
            _tasks[given.Task.TaskId] = started;
            _running.Add(new HeldTask(given.Task, given.ExecutorId));
        }

        private void Report(HeldTask report, AttemptOutcome outcome)
        {
            TaskLifecycle before = _tasks[report.Task.TaskId];
            TaskTransition reported = before.Report(
                report.ExecutorId, report.Task.Attempt, outcome, Rules, At(_now), _random.NextDouble());
            bool isCurrent = before.Status == ExecutionStatus.Running
                && (before.Attempt, before.ExecutorId) == (report.Task.Attempt, report.ExecutorId);
            Assert.Equal(!isCurrent, reported is TransitionRefused);
            _refused += isCurrent ? 0 : 1;

            // The queue frees the room for whom the lifecycle heard, and for nobody else.
            Assert.Equal(
                isCurrent ? ReleaseResult.Released : ReleaseResult.NotHeld, _queue.Release(report.ExecutorId, report.Task));
            Apply(report.Task.TaskId, reported);
        }

        private void Requeue(IEnumerable<TaskAttempt> lost, LossReason reason)
        {
            foreach (TaskAttempt task in lost)
            {
                TaskTransition transition = _tasks[task.TaskId].Lose(task.Attempt, reason, Rules, At(_now), _random.NextDouble());
                Assert.IsNotType<TransitionRefused>(transition);
                Apply(task.TaskId, transition);
            }
        }

        private void Cancel(string taskId, TaskLifecycle task)
        {
            Apply(taskId, task.Cancel());
            if (task.Status == ExecutionStatus.Pending)
            {
                Assert.IsType<WaitingTaskRemoved>(_queue.Cancel(taskId));
            }
        }

        private void Apply(string taskId, TaskTransition transition)
        {
            _tasks[taskId] = transition.After;
            if (transition is TaskEnded)
            {
                _endings[taskId] = _endings.GetValueOrDefault(taskId) + 1;
            }
            else if (transition is TaskRequeued)
            {
                QueuedTask again = _specs[taskId] with { Attempt = transition.After.Attempt, NotBefore = transition.After.NotBefore };
                Assert.Equal(EnqueueResult.Queued, _queue.Enqueue(again));
            }
        }

        private IEnumerable<TaskAttempt> Running(string executor) =>
            _running.Where(it => it.ExecutorId == executor).Select(it => it.Task);
    }
}
