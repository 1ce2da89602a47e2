using System.Diagnostics;
using Executor.Tasks;

namespace Executor.Library;

/// <summary>A task of one call, as the engine knows it: calls may use the same ids, so each task has another one there.</summary>
/// <param name="Task">The task as it was given.</param>
/// <param name="Spec">What was asked, with what the options add.</param>
/// <param name="Run">The call it is of.</param>
internal sealed record ParallelEntry(ParallelTask Task, TaskSpec Spec, ParallelRun Run)
{
    private readonly TaskCompletionSource<TaskResult> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Its id in the engine.</summary>
    public string EngineId { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Whether an attempt of it ran to its end.</summary>
    public bool HasRun => EndedAt != 0;

    /// <summary>When it ended: when its last attempt did, or else when that was told. A timestamp; 0: not yet.</summary>
    public long EndedAt { get; private set; }

    /// <summary>Its result.</summary>
    public Task<TaskResult> End => _end.Task;

    public void SetEnd(TaskResult result)
    {
        if (!HasRun)
        {
            SetRun();
        }

        _end.TrySetResult(result);
    }

    /// <summary>An attempt of it has run to its end.</summary>
    public void SetRun() => EndedAt = Stopwatch.GetTimestamp();

    /// <summary>The engine can't tell its result.</summary>
    public void SetLost() => _end.TrySetCanceled();
}
