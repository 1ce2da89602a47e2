using Executor.Client;
using System.Globalization;
using Executor.Clocks;
using Executor.Configuration;
using Executor.Engine;
using Executor.Execution;
using Executor.Executors;
using Executor.Hosting;
using Executor.Silo.Hosting;
using Executor.Storage;

namespace Executor.Silo.Executors;

/// <summary>The silo's own executor: its runners, registered with the cluster, kept alive by heartbeats and registered anew when it has been given up.</summary>
internal sealed class SiloExecutor : IExecutorLink, IAsyncDisposable
{
    private static readonly TimeSpan HeartbeatPeriod = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan DrainPeriod = TimeSpan.FromMilliseconds(100);

    private readonly TaskWorker _worker;
    private readonly ExecutorRegistration _registration;
    private readonly ClusterExecutionService _service;
    private readonly CancellationTokenSource _stopping = new();
    private volatile IExecutorConnection? _connection;
    private volatile TaskCompletionSource _closed = new();
    private Task _life = Task.CompletedTask;

    private SiloExecutor(TaskWorker worker, ExecutorRegistration registration, ClusterExecutionService service) =>
        (_worker, _registration, _service) = (worker, registration, service);

    /// <summary>Begins to take tasks.</summary>
    public static SiloExecutor Start(LocalHost local, SiloRequest request, ClusterNodeOptions node, ClusterExecutionService service)
    {
        // An id for this life of the silo: another one, started in its place, does not run what this one ran.
        string id = string.Create(
            CultureInfo.InvariantCulture, $"silo-{Environment.MachineName}-{node.SiloPort}-{SteadyTime.System.GetUtcNow().ToUnixTimeSeconds() % 1_000_000}");
        SiloExecutor executor = new(
            new TaskWorker(local.AttemptsOf(id)),
            local.RegistrationOf(id, request.MaxTasks) with { Port = node.SiloPort, Capabilities = request.Capabilities },
            service);
        executor._life = Task.Run(executor.LiveAsync);
        return executor;
    }

    /// <summary>Takes nothing more and waits for what runs; what is left when the time is up goes back, to be run elsewhere.</summary>
    public async Task DrainAsync(CancellationToken grace)
    {
        Say(new DrainMessage());
        _worker.Drain();
        await _worker.Drained.WaitAsync(grace).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await NothingIsGivenAsync(grace).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await EndAsync();
        Say(new LeaveMessage());
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        await _worker.DisposeAsync();
        _stopping.Dispose();
    }

    /// <inheritdoc/>
    public void Attach(IExecutorConnection connection)
    {
        (_connection, _closed) = (connection, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        _worker.Attach(connection);
    }

    /// <inheritdoc/>
    public void Send(ServerMessage message)
    {
        switch (message)
        {
            case ClosedMessage:
                _closed.TrySetResult();
                break;
            case DrainedMessage:
                // Asked for by an operator: the silo lives on without running anything.
                break;
            default:
                _worker.Send(message);
                break;
        }
    }

    private void Say(ExecutorMessage message) => _ = _connection?.SendAsync(message, CancellationToken.None);

    /// <summary>Waits until the scheduler, too, says that nothing runs here: when it heard of the drain, a task may have been on its way.</summary>
    private async Task NothingIsGivenAsync(CancellationToken grace)
    {
        while (await IsGivenAsync(grace))
        {
            await Task.Delay(DrainPeriod, grace);
        }
    }

    private async Task<bool> IsGivenAsync(CancellationToken grace)
    {
        try
        {
            return (await _service.ListExecutorsAsync(grace)).Any(
                executor => executor.Registration.ExecutorId == _registration.ExecutorId && executor.Running > 0);
        }
        catch (StorageException)
        {
            // The scheduler is on its way to another silo.
            return true;
        }
    }

    private async Task EndAsync()
    {
        await _stopping.CancelAsync();
        await _life;
    }

    private async Task LiveAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await _service.RegisterAsync(new RegisterMessage(_registration, _worker.Running), this, _stopping.Token);
                await BeatAsync(_closed.Task);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (ServiceStoppingException)
            {
                return;
            }
            catch (StorageException)
            {
                // The scheduler is not there yet, or not any more.
                await Task.Delay(RetryDelay, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Ends when the connection does.</summary>
    private async Task BeatAsync(Task closed)
    {
        using PeriodicTimer timer = new(HeartbeatPeriod);
        while (!closed.IsCompleted)
        {
            Say(new HeartbeatMessage(_worker.Running));
            await timer.WaitForNextTickAsync(_stopping.Token);
        }
    }
}
