namespace Executor.Workflows;

/// <summary>A task that waits for others, or that others wait for.</summary>
internal sealed class DependencyNode(string taskId)
{
    private readonly List<DependencyNode> _children = [];
    private int _goneChildren;

    public string TaskId { get; } = taskId;

    /// <summary>Those it was waiting for when it was submitted; empty for one that is only waited for.</summary>
    public IReadOnlyList<DependencyNode> Parents { get; set; } = [];

    /// <summary>How many of its parents have not ended.</summary>
    public int WaitsFor { get; set; }

    /// <summary>Whether it was submitted with parents of its own, so that its id may not be submitted again.</summary>
    public bool IsDeclared => Parents.Count > 0;

    /// <summary>Whether it has left the graph.</summary>
    public bool IsGone { get; private set; }

    public bool HasChildren => _children.Count > _goneChildren;

    /// <summary>Those that wait for it, in the order in which they came.</summary>
    public IEnumerable<DependencyNode> Children => _children.Where(child => !child.IsGone);

    public void AddChild(DependencyNode child) => _children.Add(child);

    /// <summary>Leaves the graph, and lets go of everything, so that what ended is not kept by what follows it.</summary>
    /// <returns>Those that waited for it.</returns>
    public IReadOnlyList<DependencyNode> Leave()
    {
        List<DependencyNode> children = [.. Children];
        IsGone = true;
        foreach (DependencyNode parent in Parents)
        {
            if (!parent.IsGone)
            {
                parent.ForgetGoneChild();
            }
        }

        Parents = [];
        _children.Clear();
        return children;
    }

    /// <summary>Half the list may be gone before it is cleared, so that each child costs its share and no more.</summary>
    private void ForgetGoneChild()
    {
        if (++_goneChildren * 2 > _children.Count)
        {
            _children.RemoveAll(child => child.IsGone);
            _goneChildren = 0;
        }
    }
}
