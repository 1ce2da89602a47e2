using Executor.Engine.Stores;
using Executor.Execution;
using Executor.Storage;
using Microsoft.Extensions.Logging;

namespace Executor.Engine.Callbacks;

/// <summary>
/// Delivers the callbacks that the store keeps, each at least once, every host apart from the others. What is not delivered when the process ends is by the
/// next one.
/// </summary>
internal sealed class CallbackDispatcher : IAsyncDisposable
{
    // Hosts that are seen to at once: about a kilobyte each.
    private const int MaxHosts = 10_000;
    private const int HostsPage = 1_000;
    private static readonly TimeSpan CountPeriod = TimeSpan.FromSeconds(5);
    private const int CountsPerSweep = 12;

    private readonly ResultCallbacks _callbacks;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CallbackStore _store;
    private readonly CallbackSlots _slots = new();
    private readonly CallbackCounters _counters = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (CallbackLane Lane, Task Running)> _lanes = [];
    private Task _sweeping = Task.CompletedTask;

    /// <param name="store">Where they are kept.</param>
    /// <param name="callbacks">Posts them. Not disposed.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Told of hosts that fail, and of callbacks that are given up.</param>
    public CallbackDispatcher(ITaskStore store, ResultCallbacks callbacks, TimeProvider time, ILogger log)
    {
        (_callbacks, _time, _log) = (callbacks, time, log);
        _store = new CallbackStore(store, new StoreRetries(time, log, _stopping.Token), _stopping.Token);
    }

    /// <summary>Begins, with what an earlier process left.</summary>
    public void Start() => _sweeping = Task.Run(SweepAsync);

    /// <summary>One has been stored.</summary>
    public void Added(string url)
    {
        _counters.Added();
        See(CallbackRecord.HostOf(url));
    }

    /// <summary>How many there are, and what became of others.</summary>
    public CallbackMetrics GetMetrics() => _counters.ToMetrics();

    /// <summary>Stops; what is being posted is broken off.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _sweeping;
        Task[] running;
        lock (_lock)
        {
            running = [.. _lanes.Values.Select(lane => lane.Running)];
        }

        await Task.WhenAll(running);
        _slots.Dispose();
        _stopping.Dispose();
    }

    /// <summary>Once in a while looks for hosts that nobody sees to: those of before the start, and those for which there was no room.</summary>
    private async Task SweepAsync()
    {
        try
        {
            using PeriodicTimer timer = new(CountPeriod, _time);
            for (int tick = 0; ; tick++)
            {
                if (tick % CountsPerSweep == 0)
                {
                    await SeeAllAsync();
                }

                if (_counters.TakeChanged())
                {
                    _counters.Count(await _store.AskAsync((store, stop) => store.CountCallbacksAsync(stop)));
                }

                await timer.WaitForNextTickAsync(_stopping.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The engine stops.
        }
    }

    private async Task SeeAllAsync()
    {
        IReadOnlyList<string> hosts = [];
        do
        {
            string? after = hosts.Count > 0 ? hosts[^1] : null;
            hosts = await _store.AskAsync((store, stop) => store.ListCallbackHostsAsync(after, HostsPage, stop));
            foreach (string host in hosts)
            {
                See(host);
            }
        }
        while (hosts.Count == HostsPage);
    }

    private void See(string host)
    {
        lock (_lock)
        {
            if (_lanes.TryGetValue(host, out var known))
            {
                known.Lane.Wake();
            }
            else if (_lanes.Count < MaxHosts && !_stopping.IsCancellationRequested)
            {
                CallbackLane lane = new(host, _store, _callbacks, _slots, _counters, _time, _log, _stopping.Token);
                _lanes.Add(host, (lane, Task.Run(() => RunAsync(host, lane))));
            }
        }
    }

    private async Task RunAsync(string host, CallbackLane lane)
    {
        try
        {
            while (true)
            {
                await lane.RunAsync();
                lock (_lock)
                {
                    if (!lane.IsWoken)
                    {
                        _lanes.Remove(host);
                        return;
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The engine stops.
        }
    }
}
