using Executor.Tasks;

namespace Executor.Workflows;

/// <summary>Finds what is wrong with a batch before any of it is taken.</summary>
internal sealed class BatchCheck
{
    private const string Field = "depends_on";

    private readonly Dictionary<string, DependentTask> _batch = [];
    private readonly IReadOnlyDictionary<string, DependencyNode> _nodes;
    private readonly IReadOnlyDictionary<string, ExecutionStatus> _known;
    private readonly List<DependencyFault> _faults = [];
    private bool _joinsGraph;

    public BatchCheck(
        IReadOnlyList<DependentTask> batch,
        IReadOnlyDictionary<string, DependencyNode> nodes,
        IReadOnlyDictionary<string, ExecutionStatus> known)
    {
        _nodes = nodes;
        _known = known;
        foreach (DependentTask task in batch)
        {
            CheckId(task);
        }

        foreach (DependentTask task in batch)
        {
            CheckParents(task);
        }

        if (_faults.Count == 0 && FindCycle(batch) is { } cycle)
        {
            _faults.Add(new DependencyFault(
                cycle.First(_batch.ContainsKey), Field, $"must not make a cycle, and these tasks wait for each other: {string.Join(" → ", cycle)}"));
        }
    }

    public IReadOnlyList<DependencyFault> Faults => _faults;

    /// <summary>Whether the task exists and has not ended.</summary>
    public bool IsLive(string taskId) =>
        _batch.ContainsKey(taskId)
        || _nodes.ContainsKey(taskId)
        || (_known.TryGetValue(taskId, out ExecutionStatus status) && !status.IsFinal());

    private void CheckId(DependentTask task)
    {
        bool isInGraph = _nodes.TryGetValue(task.TaskId, out DependencyNode? node);
        if (!_batch.TryAdd(task.TaskId, task) || node is { IsDeclared: true })
        {
            _faults.Add(new DependencyFault(task.TaskId, "task_id", $"'{task.TaskId}' is submitted twice; each task needs an id of its own"));
        }

        _joinsGraph |= isInGraph;
    }

    private void CheckParents(DependentTask task)
    {
        foreach (string parentId in task.DependsOn.Distinct(StringComparer.Ordinal))
        {
            if (!IsLive(parentId) && !_known.ContainsKey(parentId))
            {
                _faults.Add(new DependencyFault(
                    task.TaskId,
                    Field,
                    $"of task '{task.TaskId}' names '{parentId}', which does not exist; name tasks of the same batch or submitted before"));
            }
        }
    }

    /// <summary>A walk from child to parent, without recursion: a chain may be longer than the stack.</summary>
    private List<string>? FindCycle(IReadOnlyList<DependentTask> batch)
    {
        HashSet<string> seen = [];
        List<string> path = [];
        HashSet<string> onPath = [];
        Stack<IEnumerator<string>> parents = [];
        foreach (DependentTask start in batch)
        {
            Enter(start.TaskId);
            while (parents.TryPeek(out IEnumerator<string>? next))
            {
                if (!next.MoveNext())
                {
                    parents.Pop();
                    onPath.Remove(path[^1]);
                    path.RemoveAt(path.Count - 1);
                }
                else if (onPath.Contains(next.Current))
                {
                    return [.. path.SkipWhile(id => id != next.Current), next.Current];
                }
                else
                {
                    Enter(next.Current);
                }
            }
        }

        return null;

        void Enter(string id)
        {
            if (seen.Add(id))
            {
                path.Add(id);
                onPath.Add(id);
                parents.Push(ParentsOf(id).GetEnumerator());
            }
        }
    }

    /// <summary>
    /// What is in the graph already waits for nothing in the batch, unless the batch brings a task that the graph knew only as a
    /// parent. Only then are its edges walked.
    /// </summary>
    private IEnumerable<string> ParentsOf(string id)
    {
        if (_batch.TryGetValue(id, out DependentTask task))
        {
            return task.DependsOn;
        }

        return _joinsGraph && _nodes.TryGetValue(id, out DependencyNode? node)
            ? node.Parents.Where(parent => !parent.IsGone).Select(parent => parent.TaskId)
            : [];
    }
}
