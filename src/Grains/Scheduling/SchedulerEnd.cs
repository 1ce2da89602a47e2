namespace Executor.Grains.Scheduling;

/// <summary>Why a scheduler ends by itself.</summary>
internal enum SchedulerEnd
{
    /// <summary>Another has taken over.</summary>
    Superseded,

    /// <summary>The store can't be reached from here.</summary>
    StoreLost,
}
