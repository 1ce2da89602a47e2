using System.Collections.Concurrent;
using Executor.Execution;
using Executor.Tasks;

namespace Executor.Engine.Monitoring;

/// <summary>How tasks ended, by a name. The first 1,000 names are told apart; later ones share <see cref="Others"/>.</summary>
internal sealed class OutcomeGroups
{
    /// <summary>The name under which those over the maximum are counted; no id or runtime is called so.</summary>
    public const string Others = "(others)";

    private const int Maximum = 1000;

    private readonly ConcurrentDictionary<string, OutcomeCounters> _groups = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>Counts an end; passed over when there is no name.</summary>
    public void Add(string? name, ExecutionStatus status, TimeSpan? duration)
    {
        if (name is null)
        {
            return;
        }

        if (!_groups.TryGetValue(name, out OutcomeCounters? group))
        {
            group = Create(name);
        }

        group.Add(status, duration);
    }

    /// <summary>What was counted.</summary>
    public IReadOnlyDictionary<string, GroupMetrics> ToMetrics() => _groups.ToDictionary(group => group.Key, group => group.Value.ToMetrics());

    private OutcomeCounters Create(string name)
    {
        // The dictionary's own count takes all its locks, and names over the maximum come here every time.
        string key = Volatile.Read(ref _count) < Maximum ? name : Others;
        OutcomeCounters created = new();
        OutcomeCounters group = _groups.GetOrAdd(key, created);
        if (ReferenceEquals(group, created))
        {
            Interlocked.Increment(ref _count);
        }

        return group;
    }
}
