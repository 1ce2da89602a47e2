namespace Executor.Scheduling;

/// <summary>A task given to an executor.</summary>
/// <param name="Task">The task and its attempt.</param>
/// <param name="ExecutorId">Who has it now.</param>
/// <param name="GpuDevices">Numbers of the GPU devices that are its own while it runs, ascending.</param>
/// <param name="LeaseExpiresAt">When it is lost unless a heartbeat names it; null: never by silence.</param>
public sealed record Assignment(
    TaskAttempt Task, string ExecutorId, IReadOnlyList<int> GpuDevices, DateTimeOffset? LeaseExpiresAt);
