using Executor.Scheduling;

namespace Executor.Engine.Board;

/// <summary>What is known of an executor that fails tasks for no fault of theirs.</summary>
internal sealed class ExecutorTrouble
{
    /// <summary>Failures one after the other.</summary>
    public int Failures { get; set; }

    /// <summary>What the last of them was: its type and message.</summary>
    public string LastFailure { get; set; } = "";

    /// <summary>Until when it is given nothing; null: it is in no quarantine.</summary>
    public DateTimeOffset? QuarantinedUntil { get; set; }

    /// <summary>Whether that is over, so that it is given one task to see.</summary>
    public bool MayBeProbed { get; set; }

    /// <summary>The task that it was given to see; null: none yet.</summary>
    public TaskAttempt? Probe { get; set; }

    /// <summary>How often it was put in quarantine without having done anything well.</summary>
    public int Quarantines { get; set; }
}
