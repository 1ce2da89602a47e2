using System.Collections.Concurrent;
using Executor.Grains.Executors;

namespace Executor.Grains.Scheduling;

/// <summary>
/// The latest connection of each executor that a scheduler has heard of, by <see cref="ExecutorAdmission.Connection"/>. After a scheduler's
/// move processes register again in any order; one that was cut off may do so for an executor that has long been elsewhere.
/// </summary>
internal sealed class LatestAdmissions
{
    private readonly ConcurrentDictionary<string, long> _latest = [];

    /// <summary>Whether a connection is the executor's latest. It is from now on, if so.</summary>
    /// <param name="executorId">The executor.</param>
    /// <param name="admission">The connection's number; 0: it has none, and counts.</param>
    public bool TryEnter(string executorId, long admission) =>
        admission == 0 || _latest.AddOrUpdate(executorId, admission, (_, latest) => Math.Max(latest, admission)) == admission;

    /// <summary>A connection is over.</summary>
    public void Withdraw(string executorId, long admission) => _latest.TryRemove(KeyValuePair.Create(executorId, admission));
}
