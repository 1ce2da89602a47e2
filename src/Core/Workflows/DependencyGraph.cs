using System.Runtime.InteropServices;
using Executor.Tasks;

namespace Executor.Workflows;

/// <summary>
/// Holds tasks back until those they depend on are COMPLETED. Pure: no I/O; one thread at a time. It keeps only tasks that wait
/// or are waited for, and forgets them as they end. An operation costs the edges it touches.
/// </summary>
public sealed class DependencyGraph
{
    private readonly Dictionary<string, DependencyNode> _nodes = [];

    /// <summary>Tasks in memory: those that wait and those that are waited for.</summary>
    public int Count => _nodes.Count;

    /// <summary>What is in memory, by id: for tests of what is let go.</summary>
    internal IReadOnlyDictionary<string, DependencyNode> Nodes => _nodes;

    /// <summary>Whether the task waits for a parent.</summary>
    public bool IsHeld(string taskId) => _nodes.TryGetValue(taskId, out DependencyNode? node) && node.WaitsFor > 0;

    /// <summary>The parents that neither the batch nor this graph knows, each once: to be looked up for <see cref="Submit"/>.</summary>
    public IReadOnlyList<string> UnknownParents(IReadOnlyList<DependentTask> batch)
    {
        HashSet<string> known = [.. batch.Select(task => task.TaskId)];
        return [.. batch.SelectMany(task => task.DependsOn).Where(id => !_nodes.ContainsKey(id) && known.Add(id))];
    }

    /// <summary>Takes a batch of tasks, or none of it.</summary>
    /// <param name="batch">The tasks, in any order; they may depend on each other.</param>
    /// <param name="known">
    /// Where those of <see cref="UnknownParents"/> are which exist. One that has not ended must be reported to <see cref="End"/>
    /// when it does.
    /// </param>
    public DependencySubmission Submit(
        IReadOnlyList<DependentTask> batch, IReadOnlyDictionary<string, ExecutionStatus> known)
    {
        BatchCheck check = new(batch, _nodes, known);
        if (check.Faults.Count > 0)
        {
            return new DependenciesRefused(check.Faults);
        }

        Dictionary<string, DependencyFailure> failures = [];
        foreach (DependentTask task in batch)
        {
            Link(task, check, known, failures);
        }

        // By now every edge is there, so a failure reaches the descendants that the same batch brought.
        foreach (DependencyFailure failure in failures.Values.ToList())
        {
            foreach (DependencyFailure descendant in Fail(failure.TaskId, ExecutionStatus.Failed))
            {
                failures.TryAdd(descendant.TaskId, descendant);
            }
        }

        ILookup<bool, string> unfailed = batch.Select(task => task.TaskId)
            .Where(id => !failures.ContainsKey(id))
            .ToLookup(IsHeld);
        return new DependenciesAccepted([.. unfailed[false]], [.. unfailed[true]], [.. failures.Values]);
    }

    /// <summary>Tells that a task has ended. To be told of every task; one that nobody waits for changes nothing.</summary>
    /// <exception cref="ArgumentException">The status is not final.</exception>
    public DependencyEffects End(string taskId, ExecutionStatus status)
    {
        if (!status.IsFinal())
        {
            throw new ArgumentException($"A task ends COMPLETED, FAILED or CANCELLED, not {status}.", nameof(status));
        }

        if (!_nodes.ContainsKey(taskId))
        {
            return DependencyEffects.None;
        }

        return status == ExecutionStatus.Completed
            ? new DependencyEffects(Complete(taskId), [])
            : new DependencyEffects([], Fail(taskId, status));
    }

    /// <summary>Takes a batch out again that has not come to exist. What waits for one of its tasks, not being of the batch itself, goes on waiting for it.</summary>
    public void Withdraw(IReadOnlySet<string> batch)
    {
        foreach (string taskId in batch)
        {
            if (_nodes.TryGetValue(taskId, out DependencyNode? node))
            {
                List<DependencyNode> others = [.. node.Children.Where(child => !batch.Contains(child.TaskId))];
                Leave(taskId);
                foreach (DependencyNode other in others)
                {
                    DependencyNode expected = NodeFor(taskId);
                    other.Parents = [.. other.Parents.Select(parent => parent == node ? expected : parent)];
                    expected.AddChild(other);
                }
            }
        }
    }

    private void Link(
        DependentTask task,
        BatchCheck check,
        IReadOnlyDictionary<string, ExecutionStatus> known,
        Dictionary<string, DependencyFailure> failures)
    {
        List<DependencyNode> parents = [];
        foreach (string parentId in task.DependsOn.Distinct(StringComparer.Ordinal))
        {
            if (check.IsLive(parentId))
            {
                parents.Add(NodeFor(parentId));
            }
            else if (known[parentId] != ExecutionStatus.Completed)
            {
                failures.TryAdd(task.TaskId, new DependencyFailure(task.TaskId, parentId, known[parentId]));
            }
        }

        if (parents.Count > 0)
        {
            DependencyNode node = NodeFor(task.TaskId);
            node.Parents = parents;
            node.WaitsFor = parents.Count;
            parents.ForEach(parent => parent.AddChild(node));
        }
    }

    private DependencyNode NodeFor(string taskId)
    {
        ref DependencyNode? node = ref CollectionsMarshal.GetValueRefOrAddDefault(_nodes, taskId, out _);
        return node ??= new DependencyNode(taskId);
    }

    private List<string> Complete(string taskId)
    {
        List<string> released = [];
        foreach (DependencyNode child in Leave(taskId))
        {
            if (--child.WaitsFor == 0)
            {
                released.Add(child.TaskId);
                ForgetIfAlone(child);
            }
        }

        return released;
    }

    private List<DependencyFailure> Fail(string taskId, ExecutionStatus status)
    {
        List<DependencyFailure> failed = [];
        Queue<(string TaskId, ExecutionStatus Status, IReadOnlyList<DependencyNode> Children)> ended = [];
        ended.Enqueue((taskId, status, Leave(taskId)));
        while (ended.TryDequeue(out (string TaskId, ExecutionStatus Status, IReadOnlyList<DependencyNode> Children) parent))
        {
            foreach (DependencyNode child in parent.Children)
            {
                // One that waited for two tasks which end here is told of the first.
                if (!child.IsGone)
                {
                    failed.Add(new DependencyFailure(child.TaskId, parent.TaskId, parent.Status));
                    ended.Enqueue((child.TaskId, ExecutionStatus.Failed, Leave(child.TaskId)));
                }
            }
        }

        return failed;
    }

    private IReadOnlyList<DependencyNode> Leave(string taskId)
    {
        if (!_nodes.Remove(taskId, out DependencyNode? node))
        {
            return [];
        }

        IReadOnlyList<DependencyNode> parents = node.Parents;
        IReadOnlyList<DependencyNode> children = node.Leave();
        foreach (DependencyNode parent in parents)
        {
            ForgetIfAlone(parent);
        }

        return children;
    }

    /// <summary>A task that neither waits nor is waited for need not be kept.</summary>
    private void ForgetIfAlone(DependencyNode node)
    {
        if (node is { IsGone: false, WaitsFor: 0, HasChildren: false })
        {
            node.Leave();
            _nodes.Remove(node.TaskId);
        }
    }
}
