using Executor.Executors;
using Executor.Tasks;

namespace Executor.Engine;

/// <summary>A task that was given to an executor and is to be told to it, outside the engine's lock.</summary>
/// <param name="Task">The task.</param>
/// <param name="Spec">What to run; null: to be read from the store.</param>
/// <param name="Attempt">Which attempt.</param>
/// <param name="ExecutorId">The executor.</param>
/// <param name="Link">The way to it.</param>
/// <param name="GpuDevices">Its GPU devices.</param>
/// <param name="StartedAt">When it was given.</param>
internal readonly record struct Dispatch(
    LiveTask Task, TaskSpec? Spec, int Attempt, string ExecutorId, IExecutorLink Link, IReadOnlyList<int> GpuDevices, DateTimeOffset StartedAt);
