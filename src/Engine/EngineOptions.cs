using Executor.Engine.Board;
using Executor.Engine.Callbacks;
using Executor.Executors;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Engine;

/// <summary>How an engine works.</summary>
public sealed record EngineOptions
{
    /// <summary>Most tasks waiting at once; a submit beyond it is refused. Range 1 and up. Default 1,000,000.</summary>
    public int MaxQueue { get; init; } = 1_000_000;

    /// <summary>How long an executor of another process may be silent before it and what it runs are lost. Range over 0 to a day. Default 15 s.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long after its start nothing is given out, so that executors that outlived the engine before it can come back with what they run,
    /// which then stays their own; over sooner when all that were known are back. What nobody has come back with runs again. Range 0
    /// and up. Default 0: everything that ran runs again.
    /// </summary>
    public TimeSpan RecoveryWindow { get; init; }

    /// <summary>How long a cancelled task's executor has to report its end, before the task is CANCELLED without it. Range over 0. Default 10 s.</summary>
    public TimeSpan CancelGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Memory for what waiting tasks bring (code, files), in MiB; that of tasks beyond it is read from the store when they are to run.
    /// Range 0 and up. Default 64.
    /// </summary>
    public int WaitingSpecsMb { get; init; } = 64;

    /// <summary>
    /// Results on their way into the store beyond which an executor's slot is freed only when its result is stored; so it is when they are more than 64 MiB.
    /// Range 0 and up. Default 2,000.
    /// </summary>
    public int MaxUnstoredResults { get; init; } = 2_000;

    /// <summary>A waiting task counts as one priority higher for each of these that it has waited, so that none waits for ever. Range 0 and up; 0: never. Default 10 minutes.</summary>
    public TimeSpan PriorityAging { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Failures of its own machinery, one after the other, after which an executor is given nothing for a while, then one task to see.
    /// Only where another executor can run what it failed. Range 0 and up; 0: never. Default 3.
    /// </summary>
    public int QuarantineAfter { get; init; } = 3;

    /// <summary>How long ended tasks are kept. Default: 30 days, a million.</summary>
    public RetentionOptions Retention { get; init; } = new();

    /// <summary>The code executor of a name, kept with the results that come from it; null: that is not kept.</summary>
    public Func<string, CodeExecutorOptions?>? FindCodeExecutor { get; init; }

    /// <summary>Posts results to the tasks' <c>callback_url</c>; null: nobody is called back, and none is kept to be. Not disposed.</summary>
    public ResultCallbacks? Callbacks { get; init; }

    /// <summary>Everything about a valid task that this host refuses (a runner it doesn't have, say); null: it takes all.</summary>
    public Func<TaskSpec, IReadOnlyList<ValidationFault>>? Admit { get; init; }

    /// <summary>What a board needs of them.</summary>
    internal BoardOptions OfBoard() => new()
    {
        MaxWaiting = MaxQueue,
        MaxSpecBytes = (long)WaitingSpecsMb << 20,
        MaxUnstoredResults = MaxUnstoredResults,
        CancelGrace = CancelGrace,
        PriorityAging = PriorityAging,
        QuarantineAfter = QuarantineAfter,
        RecoveryWindow = RecoveryWindow,
    };
}
