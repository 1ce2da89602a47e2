using Executor.Scheduling;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Engine;

public sealed partial class ExecutionEngine
{
    private static readonly IReadOnlyDictionary<string, TaskSpec> NoSpecs = new Dictionary<string, TaskSpec>();

    // What ran when an earlier engine ended, and that nobody has come back with yet.
    private readonly Dictionary<string, LiveTask> _unclaimed = [];
    // Executors that were there and have not come back.
    private readonly HashSet<string> _awaited = [];
    private DateTimeOffset? _reunionEnds;

    private bool IsReuniting
    {
        get
        {
            lock (_lock)
            {
                return _reunionEnds is not null;
            }
        }
    }

    /// <summary>Waits with giving until the executors that are known are back, if there are any and it is asked for.</summary>
    /// <returns>Whether it does; the end of the wait then decides what becomes of the tasks that ran.</returns>
    private async Task<bool> BeginReunionAsync(List<LiveTask> ran, CancellationToken cancellationToken)
    {
        if (_options.Reunion <= TimeSpan.Zero)
        {
            return false;
        }

        IReadOnlyList<ExecutorRecord> known = await _store.ListExecutorsAsync(cancellationToken);
        lock (_lock)
        {
            _awaited.UnionWith(known.Select(executor => executor.ExecutorId));
            foreach (LiveTask task in ran)
            {
                _unclaimed.Add(task.TaskId, task);
            }

            // Also for nobody: what ran is decided in one place.
            _reunionEnds = Now + _options.Reunion;
        }

        return true;
    }

    private async Task<IReadOnlyDictionary<string, TaskSpec>> SpecsOfAsync(IReadOnlyList<TaskAttempt> running) => running.Count == 0
        ? NoSpecs
        : await RepeatAsync(() => _store.GetSpecsAsync([.. running.Select(task => task.TaskId)], _stopping.Token));

    /// <summary>Lets an executor that is back keep what it says it runs, where that is so. Under the lock.</summary>
    /// <returns>What is not its own.</returns>
    private List<TaskAttempt> Reunite(string executorId, IReadOnlyList<TaskAttempt> claimed, IReadOnlyDictionary<string, TaskSpec> specs)
    {
        _awaited.Remove(executorId);
        return [.. claimed.Where(attempt => _reunionEnds is null || !TryAdopt(executorId, attempt, specs))];
    }

    private bool TryAdopt(string executorId, TaskAttempt attempt, IReadOnlyDictionary<string, TaskSpec> specs)
    {
        if (!_tasks.TryGetValue(attempt.TaskId, out LiveTask? task) || task.Attempt != attempt || !specs.TryGetValue(attempt.TaskId, out TaskSpec? spec))
        {
            return false;
        }

        // Noted as running, or given so shortly before the end that it was not noted.
        bool isNoted = _unclaimed.ContainsKey(task.TaskId) && task.State.ExecutorId == executorId;
        if (!isNoted && task.State.Start(executorId, Now, lease: null) is not TaskStarted)
        {
            return false;
        }

        if (isNoted)
        {
            _queue.Enqueue(task.ToQueued());
        }

        if (!_queue.Adopt(executorId, attempt, Now))
        {
            if (isNoted)
            {
                _queue.Cancel(task.TaskId);
            }

            return false;
        }

        _unclaimed.Remove(task.TaskId);
        task.State = isNoted ? task.State : task.State.Start(executorId, Now, lease: null).After;
        task.Spec = spec;
        Uncount(task);
        task.NeedDetails().StartedAt ??= Now;
        task.NeedDetails().AdoptedAttempt = attempt.Attempt;
        return true;
    }

    /// <summary>Begins to give tasks out when everybody is back or it has taken too long. Under the lock.</summary>
    /// <param name="now">The time.</param>
    /// <param name="unclaimed">Receives what ran and nobody has come back with.</param>
    private void EndReunionIfDue(DateTimeOffset now, List<TaskAttempt> unclaimed)
    {
        if (_reunionEnds is null || (now < _reunionEnds && _awaited.Count > 0))
        {
            return;
        }

        _reunionEnds = null;
        unclaimed.AddRange(_unclaimed.Values.Select(task => task.Attempt));
        _unclaimed.Clear();
        foreach (string id in _awaited)
        {
            _work.Track(ForgetAsync(id));
        }

        _awaited.Clear();
    }
}
