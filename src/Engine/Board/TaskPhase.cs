namespace Executor.Engine.Board;

/// <summary>
/// Where a live task is on the board. A finer division than its status: PENDING is one of the first four, or <see cref="Requeuing"/>;
/// RUNNING is <see cref="Loading"/>, <see cref="Running"/> or <see cref="Unclaimed"/>.
/// </summary>
internal enum TaskPhase : byte
{
    /// <summary>It is not placed yet.</summary>
    New,

    /// <summary>Its result is being looked for in the cache.</summary>
    InCacheLookup,

    /// <summary>It waits for tasks that it depends on.</summary>
    Blocked,

    /// <summary>It waits for an executor, or for the moment from which it may have one.</summary>
    Queued,

    /// <summary>An executor has been chosen; what it is to run is being read from the store.</summary>
    Loading,

    /// <summary>An executor has it.</summary>
    Running,

    /// <summary>That its attempt is followed by another is on the way into the store.</summary>
    Requeuing,

    /// <summary>It ran when an earlier process ended, and no executor has come back with it.</summary>
    Unclaimed,

    /// <summary>It has ended, and its result is on the way into the store.</summary>
    Ending,
}
