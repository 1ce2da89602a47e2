using System.Collections.Concurrent;
using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;
using Executor.Runners.Docker.Engine;

namespace Executor.Runners.Docker.Containers;

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

    private readonly ConcurrentDictionary<string, Task?> _containers = new();
    private readonly CancellationTokenSource _closed = new();
    private bool _disposed;

    /// <summary>A name for a container that is about to be made.</summary>
    public string NewName()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        string name = $"executor-{Guid.NewGuid():N}";
        _containers[name] = null;
        return name;
    }

    /// <summary>Ends a container and removes it, with its anonymous volumes. Returns at once.</summary>
    /// <param name="name">A name that <see cref="NewName"/> gave; that nothing was made under it is no error.</param>
    public void Discard(string name) => _ = Discarding(name);

    /// <summary>Ends a container and removes it.</summary>
    public Task DiscardAsync(string name) => Discarding(name);

    /// <summary>Removes a volume, once nothing uses it.</summary>
    public Task DiscardVolumeAsync(string name) =>
        _containers.AddOrUpdate(name, _ => RemoveAsync(name, RemoveVolumeAsync), (_, removing) => removing ?? RemoveAsync(name, RemoveVolumeAsync))!;

    /// <summary>Removes what is left.</summary>
    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        Task all = Task.WhenAll(_containers.Keys.Select(Discarding));
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

    private Task Discarding(string name)
    {
        // Whoever comes second waits for the first: the factory may run twice, the removal of a container may not matter twice.
        return _containers.AddOrUpdate(name, _ => Task.CompletedTask, (_, removing) => removing ?? RemoveAsync(name, RemoveContainerAsync))!;
    }

    private async Task RemoveAsync(string name, Func<string, Task> remove)
    {
        await Task.Yield();
        for (TimeSpan pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await remove(name);
                _containers.TryRemove(name, out _);
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
