using Executor.Execution;
using Executor.Executors;
using Executor.Grains.Executors;
using Executor.Storage;
using Microsoft.Extensions.Logging;

namespace Executor.Client.Connections;

/// <summary>A process's way to the grains of its executors: when one comes and when it leaves, and once in a while that it lives.</summary>
/// <param name="grains">The grain of an executor.</param>
/// <param name="silo">The silo that this process is; null: it is a client.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Where it says what went wrong.</param>
internal sealed class ExecutorGrains(Func<string, IExecutorGrain> grains, string? silo, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan LeaveGrace = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly HashSet<Task> _calls = [];

    /// <summary>Asks to let an executor in.</summary>
    /// <exception cref="StorageException">What is known of it could not be read or stored.</exception>
    public Task<ExecutorAdmission> AdmitAsync(ExecutorRegistration registration, CancellationToken cancellationToken) =>
        GrainCalls.RepeatAsync(() => grains(registration.ExecutorId).RegisterAsync(registration, silo), time, cancellationToken);

    /// <summary>Says that an executor lives, and hands it the answer. Not waited for.</summary>
    public void Note(ClusterExecutorConnection connection) => Say(async () =>
        connection.Take(await GrainCalls.RepeatAsync(() => grains(connection.ExecutorId).NoteAsync(connection.Admission), time, CancellationToken.None)));

    /// <summary>Says that an executor has left. Not waited for.</summary>
    public void Leave(ClusterExecutorConnection connection) => Say(
        () => GrainCalls.RepeatAsync(() => grains(connection.ExecutorId).LeaveAsync(connection.Admission), time, CancellationToken.None));

    /// <summary>Waits a while for what has been said.</summary>
    public async Task SettleAsync()
    {
        Task[] calls;
        lock (_lock)
        {
            calls = [.. _calls];
        }

        await Task.WhenAll(calls).WaitAsync(LeaveGrace).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Says something that must have been said before the end. Not waited for.</summary>
    public void Say(Func<Task> call)
    {
        Task made = Task.Run(() => MakeAsync(call));
        lock (_lock)
        {
            _calls.Add(made);
        }

        made.ContinueWith(Remove, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private void Remove(Task made)
    {
        lock (_lock)
        {
            _calls.Remove(made);
        }
    }

    private async Task MakeAsync(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (ServiceStoppingException)
        {
            // It took too long.
        }
        catch (StorageException failed)
        {
            // The next note says it again; one that left is forgotten in time.
            log.ExecutorNotKept(failed.Message);
        }
    }
}
