using System.Diagnostics;
using Executor.Scheduling;

namespace Executor.Benchmarks.Scale;

/// <summary>
/// A cluster in simulated time: the real <see cref="SchedulingQueue"/> with as many executors and waiting tasks as one likes, a scheduler
/// that takes a given time for each task and does one thing after the other, and tasks that only last. All wait from the start.
/// </summary>
internal sealed class ScaleSimulation
{
    /// <summary>From the scheduler to an executor or back: a grain call and what waits in batches.</summary>
    private const double Hop = 0.002;

    // Two calls of the queue for each task are timed in real time, one in so many.
    private const int TimedOneIn = 64;

    private readonly ScaleSetting _setting;
    private readonly SchedulingQueue _queue = new();
    private readonly PriorityQueue<(string Executor, TaskAttempt Task), double> _ends = new();
    private readonly Dictionary<string, int> _running = [];
    private readonly Random _random = new(1);
    private readonly List<TimeSpan> _timings = [];
    private double _free;
    private double _busy;
    private double _worked;
    private int _mostRunning;

    private ScaleSimulation(ScaleSetting setting) => _setting = setting;

    /// <summary>Runs all tasks.</summary>
    public static ScaleOutcome Run(ScaleSetting setting) => new ScaleSimulation(setting).Run();

    private ScaleOutcome Run()
    {
        Fill();
        int ended = 0;
        double last = 0;
        Start(0, _queue.Assign(Clock(0)));
        while (_ends.TryDequeue(out (string Executor, TaskAttempt Task) end, out double now))
        {
            ended++;
            last = now + Hop;
            _running[end.Executor]--;
            // It hears of the end when it gets to it, and then has a free slot to fill.
            double at = Spend(last, _setting.Cost / 2);
            long begun = ended % TimedOneIn == 0 ? Stopwatch.GetTimestamp() : 0;
            if (_queue.Release(end.Executor, end.Task) != ReleaseResult.Released)
            {
                throw new InvalidOperationException($"{end.Task} was not held by {end.Executor}.");
            }

            IReadOnlyList<Assignment> given = _queue.AssignTo(end.Executor, int.MaxValue, Clock(at));
            if (begun != 0)
            {
                _timings.Add(Stopwatch.GetElapsedTime(begun));
            }

            Start(at, given);
        }

        if (ended != _setting.Tasks || _mostRunning > _setting.Slots)
        {
            throw new InvalidOperationException($"{ended} of {_setting.Tasks} tasks ended; {_mostRunning} ran at once on {_setting.Slots} slots.");
        }

        _timings.Sort();
        return new ScaleOutcome(ended / last, _worked / (last * _setting.Executors * _setting.Slots), _busy / last, _timings[_timings.Count / 2]);
    }

    /// <summary>Executors, half of them with something special, and tasks of five priorities, a tenth of which ask for it.</summary>
    private void Fill()
    {
        NameSet special = NameSet.Of("special");
        for (int i = 0; i < _setting.Executors; i++)
        {
            string id = $"silo-{i}";
            _queue.Register(id, new ExecutorOffer { MaxTasks = _setting.Slots, Capabilities = i % 2 == 0 ? special : NameSet.Empty }, [], Clock(0));
            _running[id] = 0;
        }

        TaskRequirements asking = new() { Capabilities = special };
        for (int i = 0; i < _setting.Tasks; i++)
        {
            _queue.Enqueue(new QueuedTask
            {
                TaskId = $"t{i}",
                Attempt = 1,
                SubmittedAt = Clock(0),
                Priority = _random.Next(5),
                Requirements = _random.Next(10) == 0 ? asking : null,
            });
        }
    }

    private void Start(double at, IReadOnlyList<Assignment> given)
    {
        foreach (Assignment assignment in given)
        {
            double started = Spend(at, _setting.Cost / 2) + Hop;
            // Exponential: most are short, some long.
            double lasts = -Math.Log(1 - _random.NextDouble()) * _setting.TaskSeconds;
            _worked += lasts;
            _mostRunning = int.Max(_mostRunning, ++_running[assignment.ExecutorId]);
            _ends.Enqueue((assignment.ExecutorId, assignment.Task), started + lasts);
        }
    }

    /// <summary>The scheduler works on something from when it has time for it.</summary>
    /// <returns>When it is done.</returns>
    private double Spend(double from, double seconds)
    {
        _free = double.Max(_free, from) + seconds;
        _busy += seconds;
        return _free;
    }

    private static DateTimeOffset Clock(double seconds) => DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(seconds);
}
