using System.Collections.Concurrent;
using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;
using Executor.Tasks;

namespace Executor.Runners.Docker.Engine;

/// <summary>
/// The containers and volumes of this backend, by names that are its own, so that even one whose creation was never confirmed can be
/// removed. Removal goes on in the background until the engine has confirmed it, through an engine that is away for a while, too.
/// </summary>
internal sealed class ContainerLedger(DockerEngine engine, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>How long the end of the backend waits for an engine that is away; what is then left is removed as an orphan by the next process.</summary>
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(15);

    private const string VolumePrefix = "executor-volume-";
    private readonly ConcurrentDictionary<string, Task?> _names = new();
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _closed = new();
    private bool _disposed;
    private int _turn;

    /// <summary>A name for a container that is about to be made.</summary>
    public string NewName() => Add("executor-");

    /// <summary>A number for a container that is about to be made: see <see cref="Runners.Agent.AgentOptions.Turn"/>.</summary>
    public int NextTurn() => Interlocked.Increment(ref _turn) & int.MaxValue;

    /// <summary>A name for a volume that is about to be made.</summary>
    public string NewVolumeName() => Add(VolumePrefix);

    /// <summary>Ends a container and removes it, with its anonymous volumes; or removes a volume, once no container uses it.</summary>
    /// <param name="name">A name that was given here; that nothing was made under it is no error.</param>
    /// <returns>Completes when it is gone; nobody needs to wait for that.</returns>
    public Task DiscardAsync(string name)
    {
        lock (_lock)
        {
            // Whoever comes later waits for the first one's removal.
            return !_names.TryGetValue(name, out Task? removing) ? Task.CompletedTask : removing ?? (_names[name] = RemoveAsync(name));
        }
    }

    /// <summary>The same, waited for at the end only.</summary>
    public void Discard(string name) => _ = DiscardAsync(name);

    /// <summary>Removes what is left.</summary>
    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        Task all = Task.WhenAll(_names.Keys.Select(DiscardAsync));
        try
        {
            await all.WaitAsync(CloseTimeout, time);
        }
        catch (TimeoutException)
        {
            // The engine is away.
        }

        await _closed.CancelAsync();
        await all.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _closed.Dispose();
    }

    private string Add(string prefix)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        string name = $"{prefix}{Guid.NewGuid():N}";
        _names[name] = null;
        return name;
    }

    private async Task RemoveAsync(string name)
    {
        await Task.Yield();
        for (TimeSpan pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await (name.StartsWith(VolumePrefix, StringComparison.Ordinal) ? RemoveVolumeAsync(name) : RemoveContainerAsync(name));
                _names.TryRemove(name, out _);
                return;
            }
            catch (RunnerException)
            {
                // The engine is away, or busy with it; it is asked again.
            }

            await Task.Delay(pause, time, _closed.Token);
        }
    }

    private Task RemoveContainerAsync(string name) => engine.AskAsync(
        "remove a container",
        async (client, token) =>
        {
            try
            {
                await client.Containers.RemoveContainerAsync(name, new ContainerRemoveParameters { Force = true, RemoveVolumes = true }, token);
            }
            catch (DockerApiException gone) when (gone.StatusCode == HttpStatusCode.NotFound)
            {
            }
        },
        _closed.Token);

    private Task RemoveVolumeAsync(string name) => engine.AskAsync(
        "remove a volume",
        async (client, token) =>
        {
            try
            {
                await client.Volumes.RemoveAsync(name, force: true, token);
            }
            catch (DockerApiException gone) when (gone.StatusCode == HttpStatusCode.NotFound)
            {
            }
        },
        _closed.Token);
}
