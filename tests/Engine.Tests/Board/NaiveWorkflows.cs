using Executor.Tasks;

namespace Executor.Engine.Board;

/// <summary>What a <see cref="NaiveBoard"/> knows of tasks that wait for tasks, and of tasks on their way into the store.</summary>
internal sealed class NaiveWorkflows
{
    private readonly List<(string Child, string Parent)> _edges = [];
    private readonly List<Flight> _flights = [];

    /// <summary>Tasks on their way into the store.</summary>
    public int FlightCount => _flights.Count;

    public bool IsBlocked(string id) => _edges.Exists(edge => edge.Child == id);

    public void Submit(IReadOnlyList<TaskSpec> specs) => _flights.AddRange(specs.Select(spec => new Flight(spec)));

    public Flight Land(TaskSpec spec)
    {
        Flight flight = _flights.Find(flight => ReferenceEquals(flight.Spec, spec))!;
        _flights.Remove(flight);
        return flight;
    }

    /// <summary>Joins tasks to their parents.</summary>
    /// <param name="specs">The tasks.</param>
    /// <param name="isLive">Whether a task is on the board.</param>
    /// <param name="endOf">How a task ended that is stored; null: it has not.</param>
    /// <returns>The tasks that can't run; null: a parent does not exist.</returns>
    public List<string>? Link(IReadOnlyList<TaskSpec> specs, Predicate<string> isLive, Func<string, ExecutionStatus?> endOf)
    {
        List<TaskSpec> added = [.. specs.Where(spec => !isLive(spec.TaskId!) && endOf(spec.TaskId!) is null)];
        if (added.SelectMany(spec => spec.DependsOn ?? []).Any(id => !IsWaitedFor(id) && endOf(id) is null))
        {
            return null;
        }

        foreach (TaskSpec spec in added)
        {
            _flights.Find(flight => ReferenceEquals(flight.Spec, spec))!.IsLinked = true;
            Join(spec, IsWaitedFor);
        }

        return [.. added.Where(spec => (spec.DependsOn ?? []).Any(id => !IsWaitedFor(id) && endOf(id) != ExecutionStatus.Completed)).Select(spec => spec.TaskId!)];

        bool IsWaitedFor(string id) => added.Exists(spec => spec.TaskId == id) || isLive(id);
    }

    /// <summary>A task waits for those of its parents that have not ended.</summary>
    public void Join(TaskSpec spec, Predicate<string> isLive) =>
        _edges.AddRange((spec.DependsOn ?? []).Distinct().Where(id => isLive(id)).Select(id => (spec.TaskId!, id)));

    /// <summary>A task was not stored after all.</summary>
    private void Unlink(string id) => _edges.RemoveAll(edge => edge.Child == id || edge.Parent == id);

    /// <summary>A task waits for nobody, and nobody waits for it, any more.</summary>
    /// <returns>Those that waited for it.</returns>
    public List<string> Leave(string id)
    {
        List<string> children = [.. _edges.Where(edge => edge.Parent == id).Select(edge => edge.Child)];
        Unlink(id);
        return children;
    }

    /// <summary>A task that has ended, should it be on its way once more.</summary>
    public void HasEnded(string id) => _flights.FindAll(flight => flight.Spec.TaskId == id).ForEach(flight => flight.HasEnded = true);

    /// <summary>A task that can't run, should it be on its way.</summary>
    public void HasFailed(string id) => _flights.FindAll(flight => flight.Spec.TaskId == id).ForEach(flight => flight.HasFailed = true);

    /// <summary>A task on its way into the store.</summary>
    public sealed class Flight(TaskSpec spec)
    {
        public TaskSpec Spec { get; } = spec;

        public bool IsLinked { get; set; }

        public bool HasEnded { get; set; }

        public bool HasFailed { get; set; }
    }
}
