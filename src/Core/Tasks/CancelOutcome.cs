namespace Executor.Tasks;

/// <summary>What came of asking for a task's end.</summary>
public enum CancelOutcome
{
    /// <summary>It is CANCELLED.</summary>
    Cancelled,

    /// <summary>It runs, and is being stopped. Should it complete first, it is COMPLETED.</summary>
    Requested,

    /// <summary>It had ended already.</summary>
    AlreadyEnded,

    /// <summary>There is no such task.</summary>
    NotFound,
}
