using Executor.Scheduling;
using Executor.Tasks;

namespace Executor.Engine.Board;

/// <summary>The executors of a <see cref="NaiveBoard"/>, and who takes what room of theirs.</summary>
/// <param name="aging">What a priority is worth as age.</param>
internal sealed class NaiveExecutors(TimeSpan aging)
{
    private readonly List<Worker> _workers = [];
    private readonly List<Slot> _slots = [];
    private long _registrations;

    public IEnumerable<string> Texts => _workers.OrderBy(worker => worker.Order).Select(worker => $"{worker.Id} {Used(worker.Id)} {!worker.Accepts}");

    public IEnumerable<DateTimeOffset?> Leases => [.. _workers.Select(worker => worker.LeaseUntil), .. _slots.Select(slot => slot.LeaseUntil)];

    public bool Has(string id) => _workers.Exists(worker => worker.Id == id);

    public bool IsCurrent(string id, long number) => _workers.Exists(worker => worker.Id == id && worker.Number == number);

    /// <summary>Brings an executor in, or back with what it runs.</summary>
    /// <returns>Whether there was one of that id, what it held and does not run any more, and what it runs and does not hold.</returns>
    public (bool IsBack, List<TaskAttempt> Lost, List<TaskAttempt> Stale) Register(
        SimulatedExecutor executor, int maxTasks, IReadOnlyList<TaskAttempt> running, DateTimeOffset now)
    {
        string id = executor.Id;
        Worker? before = _workers.Find(worker => worker.Id == id);
        _workers.RemoveAll(worker => worker == before);
        _workers.Add(new Worker(executor, executor.Number, maxTasks, before?.Order ?? _registrations++) { LeaseUntil = now + executor.Lease });
        List<Slot> held = [.. _slots.Where(slot => slot.Executor == id).OrderBy(slot => slot.SubmittedAt - (aging * slot.Priority)).ThenBy(slot => slot.Sequence)];
        _slots.RemoveAll(held.Contains);
        List<TaskAttempt> lost = [];
        foreach (Slot slot in held)
        {
            if (running.Contains(slot.Task) && Used(id) < maxTasks)
            {
                _slots.Add(slot with { LeaseUntil = now + executor.Lease });
            }
            else
            {
                lost.Add(slot.Task);
            }
        }

        return (before is not null, lost, Stale(id, running));
    }

    /// <summary>Renews the leases of an executor and of what it names.</summary>
    /// <returns>What it does not hold.</returns>
    public List<TaskAttempt> Heartbeat(string id, IReadOnlyList<TaskAttempt> running, DateTimeOffset now)
    {
        Worker worker = _workers.Find(worker => worker.Id == id)!;
        worker.LeaseUntil = now + worker.Lease;
        for (int i = 0; i < _slots.Count; i++)
        {
            if (_slots[i].Executor == id && running.Contains(_slots[i].Task))
            {
                _slots[i] = _slots[i] with { LeaseUntil = worker.LeaseUntil };
            }
        }

        return Stale(id, running);
    }

    public void StopGiving(string id)
    {
        Worker worker = Find(id);
        worker.IsDraining = true;
        (worker.Failures, worker.Quarantines, worker.QuarantinedUntil, worker.MayBeProbed, worker.Probe) = (0, 0, null, false, null);
    }

    /// <summary>Takes an executor out.</summary>
    /// <returns>What it held.</returns>
    public List<TaskAttempt> Remove(string id)
    {
        List<TaskAttempt> held = [.. _slots.Where(slot => slot.Executor == id).Select(slot => slot.Task)];
        _slots.RemoveAll(slot => slot.Executor == id);
        _workers.RemoveAll(worker => worker.Id == id);
        return held;
    }

    /// <summary>Executors that have been silent for too long.</summary>
    public List<string> Silent(DateTimeOffset now) => [.. _workers.Where(worker => worker.LeaseUntil <= now).Select(worker => worker.Id)];

    /// <summary>Frees the room of what living executors have not named for too long.</summary>
    /// <returns>What that was.</returns>
    public List<TaskAttempt> FreeUnnamed(DateTimeOffset now)
    {
        List<TaskAttempt> unnamed = [.. _slots.Where(slot => slot.LeaseUntil <= now).Select(slot => slot.Task)];
        _slots.RemoveAll(slot => slot.LeaseUntil <= now);
        return unnamed;
    }

    public void Free(string id, TaskAttempt attempt) => _slots.RemoveAll(slot => slot.Executor == id && slot.Task == attempt);

    public bool HasRoom(string id) => _workers.Exists(worker => worker.Id == id && Used(id) < worker.MaxTasks);

    /// <summary>When quarantines end that have not.</summary>
    public IEnumerable<DateTimeOffset?> QuarantineEnds => _workers.Where(worker => !worker.MayBeProbed).Select(worker => worker.QuarantinedUntil);

    /// <summary>An executor has reported the end of an attempt: a failure of its own too many, and it is put in quarantine; anything good, and it is let out.</summary>
    /// <returns>What is to be said of it.</returns>
    public List<string> Reported(string id, NaiveTask task, AttemptOutcome outcome, int quarantineAfter, DateTimeOffset now)
    {
        Worker worker = Find(id);
        bool wasProbe = worker.Probe == task.Current;
        worker.Probe = wasProbe ? null : worker.Probe;
        if (outcome == AttemptOutcome.InfrastructureFailed)
        {
            worker.Failures++;
            bool isTooMuch = worker.Accepts && worker.Failures >= quarantineAfter && OthersCouldTake(task.Spec, id);
            if (!wasProbe && !isTooMuch)
            {
                return [];
            }

            worker.QuarantinedUntil = now + TimeSpan.FromSeconds(int.Min(5 << worker.Quarantines++, 300));
            worker.MayBeProbed = false;
            return [$"quarantine {id}"];
        }

        if (outcome == AttemptOutcome.Cancelled)
        {
            return [];
        }

        (worker.Failures, worker.Quarantines) = (0, 0);
        return Release(worker);
    }

    /// <summary>Those in quarantine are better than none.</summary>
    /// <returns>What is to be said of it.</returns>
    public List<string> ReleaseIfNobodyElse() => _workers.Exists(worker => worker.Accepts) ? [] : [.. _workers.SelectMany(Release)];

    public void EndQuarantines(DateTimeOffset now) => _workers.FindAll(worker => worker.QuarantinedUntil <= now).ForEach(worker => worker.MayBeProbed = true);

    /// <summary>Those that are to be given a task to see.</summary>
    /// <param name="isWith">Whether an attempt is an executor's.</param>
    public List<string> ToProbe(Func<TaskAttempt, string, bool> isWith) =>
    [
        .. _workers.Where(worker => worker is { QuarantinedUntil: not null, MayBeProbed: true } && !(worker.Probe is TaskAttempt probe && isWith(probe, worker.Id)))
            .Select(worker => worker.Id).Order(StringComparer.Ordinal),
    ];

    public void SetProbe(string id, TaskAttempt attempt) => Find(id).Probe = attempt;

    /// <summary>Whether an executor has room for a task, were it not in quarantine.</summary>
    public bool CouldTake(string id, TaskSpec task) => HasRoom(id) && Find(id).Has(task);

    /// <summary>Whether any other one that accepts tasks could hold a task, were it idle.</summary>
    public bool OthersCouldTake(TaskSpec task, string id) => _workers.Exists(worker => worker.Id != id && worker.Accepts && worker.Has(task));

    /// <summary>The least loaded executor that may have a task, the first that came of equals; null: there is none.</summary>
    public string? BestFor(TaskSpec task, string? except = null) => _workers
        .Where(worker => worker.Id != except && worker.Accepts && HasRoom(worker.Id) && worker.Has(task))
        .OrderBy(worker => (double)Used(worker.Id) / worker.MaxTasks).ThenBy(worker => worker.Order).FirstOrDefault()?.Id;

    public void Give(NaiveTask task, string id, DateTimeOffset now) => _slots.Add(new Slot(
        task.Current, id, now + _workers.Find(worker => worker.Id == id)!.Lease, task.Spec.Priority, task.SubmittedAt, task.Sequence));

    private Worker Find(string id) => _workers.Find(worker => worker.Id == id)!;

    private static List<string> Release(Worker worker)
    {
        if (worker.QuarantinedUntil is null)
        {
            return [];
        }

        (worker.QuarantinedUntil, worker.MayBeProbed) = (null, false);
        return [$"release {worker.Id}"];
    }

    private int Used(string id) => _slots.Count(slot => slot.Executor == id);

    private List<TaskAttempt> Stale(string id, IReadOnlyList<TaskAttempt> running) =>
        [.. running.Where(attempt => !_slots.Exists(slot => slot.Executor == id && slot.Task == attempt))];

    /// <summary>Room of an executor that is taken.</summary>
    private sealed record Slot(TaskAttempt Task, string Executor, DateTimeOffset? LeaseUntil, int Priority, DateTimeOffset SubmittedAt, long Sequence);

    /// <summary>An executor that is registered.</summary>
    private sealed class Worker(SimulatedExecutor executor, long number, int maxTasks, long order)
    {
        public string Id { get; } = executor.Id;

        public long Number { get; } = number;

        public int MaxTasks { get; } = maxTasks;

        public IReadOnlyList<string> Capabilities { get; } = executor.Capabilities;

        public TimeSpan? Lease { get; } = executor.Lease;

        public long Order { get; } = order;

        public DateTimeOffset? LeaseUntil { get; set; }

        public bool IsDraining { get; set; }

        public int Failures { get; set; }

        public int Quarantines { get; set; }

        public DateTimeOffset? QuarantinedUntil { get; set; }

        public bool MayBeProbed { get; set; }

        public TaskAttempt? Probe { get; set; }

        public bool Accepts => !IsDraining && QuarantinedUntil is null;

        public bool Has(TaskSpec task) => (task.Capabilities ?? []).All(Capabilities.Contains);
    }
}
