using Executor.Configuration;

namespace Executor.Hosting.Working;

/// <summary>
/// Keeps the configured workers alive, each a process of its own: one that ends by itself is started again, after ever longer waits. All end
/// with this process, however it ends, since each watches its standard input.
/// </summary>
public sealed class WorkerSupervisor : IAsyncDisposable
{
    /// <summary>How long a worker may take to end once it must.</summary>
    private static readonly TimeSpan KillAfter = TimeSpan.FromSeconds(10);

    private readonly SupervisedWorker[] _workers;

    private WorkerSupervisor(SupervisedWorker[] workers) => _workers = workers;

    /// <summary>The processes that run at the moment.</summary>
    public IReadOnlyList<int> ProcessIds => [.. _workers.Select(worker => worker.ProcessId).OfType<int>()];

    /// <summary>Starts workers.</summary>
    /// <param name="workers">Which.</param>
    /// <param name="launch">How.</param>
    /// <param name="say">Told, a line at a time, what they print and what becomes of them.</param>
    /// <param name="time">The clock.</param>
    public static WorkerSupervisor Start(IReadOnlyList<WorkerOptions> workers, WorkerLaunch launch, Action<string> say, TimeProvider time)
    {
        SupervisedWorker[] supervised = [.. workers.Select(worker => new SupervisedWorker(worker, launch, say, time))];
        foreach (SupervisedWorker worker in supervised)
        {
            worker.Start();
        }

        return new WorkerSupervisor(supervised);
    }

    /// <summary>Ends all of them.</summary>
    /// <param name="grace">How long they may take to finish what they run; what is not finished then goes elsewhere.</param>
    public Task StopAsync(TimeSpan grace) => Task.WhenAll(_workers.Select(worker => worker.StopAsync(grace, KillAfter)));

    /// <summary>Ends all of them without grace.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.Zero);
        foreach (SupervisedWorker worker in _workers)
        {
            worker.Dispose();
        }
    }
}
