using Executor.Execution;
using Executor.Tasks;

namespace Executor.Cli.Batch;

/// <summary>Where a batch runs, and how much of it is there at a time.</summary>
internal abstract class BatchPlace
{
    /// <summary>The service that runs the tasks.</summary>
    public abstract ITaskService Tasks { get; }

    /// <summary>Tasks that are submitted together, at most.</summary>
    public abstract int ChunkTasks { get; }

    /// <summary>Characters of source, input and files that are submitted together; the task that goes over is the last.</summary>
    public abstract long ChunkSize { get; }

    /// <summary>Tasks that have not ended, at most; no less than <see cref="ChunkTasks"/>.</summary>
    public abstract int MaxTasks { get; }

    /// <summary>Their characters; no less than <see cref="ChunkSize"/>.</summary>
    public abstract long MaxSize { get; }

    /// <summary>Results that are waited for at a time.</summary>
    public abstract int Waiters { get; }

    /// <summary>How long a result is waited for where nothing else is to be waited for.</summary>
    public abstract TimeSpan LongWait { get; }

    /// <summary>A task as it is submitted, with its id there.</summary>
    /// <param name="spec">The task.</param>
    /// <param name="fileId">Its id in the file.</param>
    /// <param name="hasOwnId">Whether the file gives it that.</param>
    public abstract TaskSpec ToService(TaskSpec spec, string fileId, bool hasOwnId);

    /// <summary>Told of a task whose result has been written.</summary>
    public virtual void Recorded(BatchItem item, TaskResult result)
    {
    }

    /// <summary>Whether a task may be submitted; else its result is written. Told again when the service does not know a parent.</summary>
    /// <param name="item">The task, which may change.</param>
    /// <param name="failure">How it ended without being submitted.</param>
    public virtual bool MayRun(BatchItem item, out TaskResult? failure)
    {
        failure = null;
        return true;
    }

    /// <summary>Whether a submit failed only since there was too much in it.</summary>
    public virtual bool IsTooLarge(Exception failed) => false;

    /// <summary>Ends what is left there of a batch that is given up.</summary>
    public virtual Task AbandonAsync(IReadOnlyCollection<BatchItem> left) => Task.CompletedTask;
}
