using Executor.Execution;
using Executor.Tasks;

namespace Executor.Engine;

/// <summary>What the engine knows of a task that runs or is watched, beyond what it knows of each.</summary>
internal sealed class LiveDetails
{
    private TaskCompletionSource<TaskResult>? _ended;

    /// <summary>When the current attempt started; null: it has not.</summary>
    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>When the task is ended though its executor has not reported, since somebody cancelled it; null: nobody did.</summary>
    public DateTimeOffset? CancelDueAt { get; set; }

    /// <summary>
    /// The attempt that ran before this engine was started, if one does: the beginning of its output is not known, so all of it
    /// comes with the result. 0: none.
    /// </summary>
    public int AdoptedAttempt { get; set; }

    /// <summary>Its output, since the first piece or the first watcher.</summary>
    public OutputLog Output { get; } = new();

    /// <summary>Ends with the stored result.</summary>
    public Task<TaskResult> Ended =>
        (_ended ??= new TaskCompletionSource<TaskResult>(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Whether an attempt ran before this engine was started.</summary>
    public bool IsAdopted(int attempt) => attempt == AdoptedAttempt;

    /// <summary>Tells whoever waits that the engine stops before the task ends.</summary>
    public void Stop() => _ended?.TrySetException(new ServiceStoppingException());

    /// <summary>Tells whoever waits.</summary>
    public void End(TaskResult result)
    {
        _ended?.TrySetResult(result);
        Output.End(result);
    }
}
