using System.Collections.Concurrent;
using Executor.Executors;
using Executor.Limits;
using Executor.Runners.Docker.Engine;
using Executor.Runners.Docker.Options;
using Executor.Tasks;

namespace Executor.Runners.Docker.Containers;

/// <summary>
/// Gives each task a container of its own, made ahead of need where the last task of its code executor was of the same kind: one task
/// says little, two alike say that there will be more.
/// </summary>
internal sealed class ContainerPool(DockerEngine engine, ContainerLedger ledger) : IAsyncDisposable
{
    /// <summary>Containers made at once: more would only wait for one another in the engine.</summary>
    private static readonly int MakersMax = int.Max(2, Environment.ProcessorCount);

    private readonly ConcurrentDictionary<DockerCodeExecutorOptions, Shelf> _shelves = new();
    private readonly SemaphoreSlim _makers = new(MakersMax);
    private readonly CancellationTokenSource _closed = new();
    private readonly Lock _lock = new();
    private readonly HashSet<Task> _filling = [];

    /// <summary>Containers that wait for a task.</summary>
    public int Ready
    {
        get
        {
            lock (_lock)
            {
                return _shelves.Values.Sum(shelf => shelf.Ready.Count);
            }
        }
    }

    /// <summary>A container for a task; whoever rents it disposes it.</summary>
    /// <exception cref="RunnerException">None could be made.</exception>
    public async Task<AgentContainer> RentAsync(ContainerKey key, EffectiveLimits limits, CancellationToken cancellationToken)
    {
        Shelf shelf = _shelves.GetOrAdd(key.Executor, _ => new Shelf());
        AgentContainer? found = Take(shelf, key);
        if (found is null)
        {
            Task<AgentContainer> making = MakeAsync(shelf, key, limits, cancellationToken);
            try
            {
                found = await making.WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                lock (_lock)
                {
                    Track(DiscardMadeAsync(making));
                }

                throw;
            }
        }

        FillAhead(shelf, key, limits);
        return found;
    }

    /// <summary>Completes when the containers that are being made ahead are.</summary>
    public async Task PreparedAsync()
    {
        Task[] filling;
        lock (_lock)
        {
            filling = [.. _filling];
        }

        await Task.WhenAll(filling);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        Task[] filling;
        lock (_lock)
        {
            filling = [.. _filling];
        }

        await Task.WhenAll(filling);
        foreach (Shelf shelf in _shelves.Values)
        {
            foreach (AgentContainer container in shelf.Ready)
            {
                await container.DisposeAsync();
            }
        }

        _closed.Dispose();
        _makers.Dispose();
    }

    private async Task<AgentContainer> MakeAsync(Shelf shelf, ContainerKey key, EffectiveLimits limits, CancellationToken cancellationToken)
    {
        await _makers.WaitAsync(cancellationToken);
        try
        {
            // While this one waited for its turn, another may have been made ahead.
            return Take(shelf, key) ?? await AgentContainer.StartAsync(engine, ledger, key, limits);
        }
        finally
        {
            _makers.Release();
        }
    }

    /// <summary>Whoever asked for it has gone.</summary>
    private static async Task DiscardMadeAsync(Task<AgentContainer> making)
    {
        try
        {
            await (await making).DisposeAsync();
        }
        catch (Exception unmade) when (unmade is RunnerException or OperationCanceledException)
        {
            // There is nothing to discard.
        }
    }

    private AgentContainer? Take(Shelf shelf, ContainerKey key)
    {
        List<AgentContainer> dead = [];
        try
        {
            lock (_lock)
            {
                dead.AddRange(shelf.Ready.Where(container => container.Agent.IsDead));
                shelf.Ready.RemoveAll(container => container.Agent.IsDead);
                int index = shelf.Ready.FindIndex(container => container.Key == key);
                if (index < 0)
                {
                    return null;
                }

                AgentContainer found = shelf.Ready[index];
                shelf.Ready.RemoveAt(index);
                return found;
            }
        }
        finally
        {
            Discard(dead);
        }
    }

    private void FillAhead(Shelf shelf, ContainerKey key, EffectiveLimits limits)
    {
        List<AgentContainer> stale = [];
        lock (_lock)
        {
            bool seenBefore = key == shelf.Last;
            shelf.Last = key;
            if (!seenBefore || _closed.IsCancellationRequested)
            {
                return;
            }

            while (shelf.Ready.Count(container => container.Key == key) + shelf.Filling < key.Executor.PoolSize)
            {
                // One of another kind gives way.
                int other = shelf.Ready.Count + shelf.Filling < key.Executor.PoolSize ? -1 : shelf.Ready.FindIndex(container => container.Key != key);
                if (other >= 0)
                {
                    stale.Add(shelf.Ready[other]);
                    shelf.Ready.RemoveAt(other);
                }

                shelf.Filling++;
                Track(FillOneAsync(shelf, key, limits));
            }
        }

        Discard(stale);
    }

    private async Task FillOneAsync(Shelf shelf, ContainerKey key, EffectiveLimits limits)
    {
        await Task.Yield();
        AgentContainer? made = null;
        try
        {
            await _makers.WaitAsync(_closed.Token);
            try
            {
                made = await AgentContainer.StartAsync(engine, ledger, key, limits);
            }
            finally
            {
                _makers.Release();
            }
        }
        catch (Exception unable) when (unable is RunnerException or OperationCanceledException)
        {
            // The next task makes its own, and is told what is wrong.
        }

        lock (_lock)
        {
            shelf.Filling--;
            if (made is not null)
            {
                shelf.Ready.Add(made);
            }
        }
    }

    private void Discard(List<AgentContainer> containers)
    {
        foreach (AgentContainer container in containers)
        {
            lock (_lock)
            {
                Track(container.DisposeAsync().AsTask());
            }
        }
    }

    private void Track(Task work)
    {
        _filling.Add(work);
        work.ContinueWith(
            ended =>
            {
                lock (_lock)
                {
                    _filling.Remove(ended);
                }
            },
            CancellationToken.None,
            TaskContinuationOptions.None,
            TaskScheduler.Default);
    }

    /// <summary>A code executor's prepared containers.</summary>
    private sealed class Shelf
    {
        public List<AgentContainer> Ready { get; } = [];

        public int Filling { get; set; }

        public ContainerKey? Last { get; set; }
    }
}
