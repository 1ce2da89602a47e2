using Executor.Engine;
using Executor.Engine.Sessions;
using Executor.Jobs;
using Executor.Storage;

namespace Executor.Grains;

/// <summary>What a silo brings to the grains: where tasks are kept, and by which rules they are given out.</summary>
public interface IQueueResources
{
    /// <summary>The clock of a queue.</summary>
    TimeProvider TimeOf(string queue);

    /// <summary>The kinds of job there are.</summary>
    IEnumerable<IJobType> JobTypes { get; }

    /// <summary>Holds those of a queue's sessions that are on this silo.</summary>
    SessionHost SessionsOf(string queue);

    /// <summary>How a queue's scheduler works.</summary>
    EngineOptions OptionsOf(string queue);

    /// <summary>The store of a queue, for everybody on this silo. Not to be disposed.</summary>
    ValueTask<ITaskStore> OpenAsync(string queue, CancellationToken cancellationToken);

    /// <summary>The store of a queue for its scheduler, who is the only one to change tasks in it; to be disposed by it.</summary>
    /// <exception cref="StorageException">It can't be opened.</exception>
    Task<ITaskStore> OpenAsync(string queue, WriterClaim claim, CancellationToken cancellationToken);
}
