using Docker.DotNet;
using Docker.DotNet.Models;
using Executor.Runners.Docker.Engine;
using Executor.Tasks;

namespace Executor.Runners.Docker.Containers;

/// <summary>Removes what processes of this host left with the engine when they were killed.</summary>
internal static class OrphanSweep
{
    /// <returns>How many containers and volumes were removed.</returns>
    /// <exception cref="RunnerException">The engine can't be reached.</exception>
    public static async Task<int> RunAsync(DockerEngine engine, CancellationToken cancellationToken)
    {
        int removed = 0;
        IList<ContainerListResponse> containers = await engine.AskAsync(
            "list its containers",
            (client, token) => client.Containers.ListContainersAsync(new ContainersListParameters { All = true, Filters = Ownership.Filter }, token),
            cancellationToken);
        foreach (ContainerListResponse container in containers.Where(container => Ownership.IsOrphan(container.Labels)))
        {
            removed += await TryAsync(
                engine, client => client.Containers.RemoveContainerAsync(container.ID, new ContainerRemoveParameters { Force = true, RemoveVolumes = true }, cancellationToken));
        }

        VolumesListResponse volumes = await engine.AskAsync(
            "list its volumes",
            (client, token) => client.Volumes.ListAsync(new VolumesListParameters { Filters = Ownership.Filter }, token),
            cancellationToken);
        foreach (VolumeResponse volume in (volumes.Volumes ?? []).Where(volume => Ownership.IsOrphan(volume.Labels)))
        {
            removed += await TryAsync(engine, client => client.Volumes.RemoveAsync(volume.Name, force: true, cancellationToken));
        }

        return removed;
    }

    /// <summary>Another process may be sweeping, too.</summary>
    private static async Task<int> TryAsync(DockerEngine engine, Func<DockerClient, Task> remove)
    {
        try
        {
            await remove(engine.Client);
            return 1;
        }
        catch (DockerApiException)
        {
            return 0;
        }
    }
}
