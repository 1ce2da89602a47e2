using System.Collections.Concurrent;
using Docker.DotNet;
using Docker.DotNet.Models;
using Executor.Executors;
using Executor.Runners.Docker.Engine;
using Executor.Runners.Docker.Options;
using Executor.Tasks;

namespace Executor.Runners.Docker.Images;

/// <summary>The engine's images: brought when they are missing, and looked into for their programs.</summary>
internal sealed class ImageStore(DockerEngine engine, ImagePulls pulls, ContainerLedger ledger) : IAsyncDisposable
{
    private const int MostLinks = 16;
    private readonly ConcurrentDictionary<string, ImageFacts> _facts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Image, string Names), Task<string?>> _programs = new();
    private readonly ConcurrentDictionary<string, Task> _refreshed = new(StringComparer.Ordinal);

    /// <summary>The image of a code executor, pulled first if its policy asks for that. A pull that is under way is waited for.</summary>
    /// <exception cref="RunnerException">It is not there and can't be had.</exception>
    public async Task<ImageFacts> GetAsync(DockerCodeExecutorOptions executor, CancellationToken cancellationToken)
    {
        if (executor.PullPolicy == ImagePullPolicy.Always)
        {
            await RefreshAsync(executor.Image, cancellationToken);
        }

        await pulls.WaitAsync(executor.Image, cancellationToken);
        if (_facts.TryGetValue(executor.Image, out ImageFacts? known))
        {
            return known;
        }

        ImageFacts? found = await FindAsync(executor.Image, cancellationToken);
        if (found is null && executor.PullPolicy == ImagePullPolicy.Never)
        {
            throw Absent(executor);
        }

        if (found is null)
        {
            await pulls.PullAsync(executor.Image, progress: null, cancellationToken);
            found = await FindAsync(executor.Image, cancellationToken) ?? throw new RunnerException(
                TaskErrorTypes.ImageUnavailable, $"The image '{executor.Image}' was pulled and is gone again; look at code_executors.docker.{executor.Name}.image.");
        }

        return _facts[executor.Image] = found;
    }

    /// <summary>An image that may not be pulled is not there.</summary>
    public static RunnerException Absent(DockerCodeExecutorOptions executor) => new(
        TaskErrorTypes.ImageUnavailable,
        $"The image '{executor.Image}' of the code executor '{executor.Name}' is not there, and its pull_policy is never: pull it (docker pull {executor.Image}), or set code_executors.docker.{executor.Name}.pull_policy to missing.");

    /// <summary>An image for people to look at.</summary>
    public Task<ExecutorImage> DescribeAsync(DockerCodeExecutorOptions executor, CancellationToken cancellationToken) => engine.AskAsync(
        $"look for the image '{executor.Image}'",
        async (client, token) =>
        {
            try
            {
                ImageInspectResponse image = await client.Images.InspectImageAsync(executor.Image, token);
                return new ExecutorImage(executor, image.ID, image.Size, image.Created is DateTime created && created != default ? new DateTimeOffset(created, TimeSpan.Zero) : null);
            }
            catch (DockerImageNotFoundException)
            {
                return new ExecutorImage(executor, null, 0, null);
            }
        },
        cancellationToken);

    /// <summary>Looks at an image again the next time: it was pulled, or is gone.</summary>
    public void Forget(string image) => _facts.TryRemove(image, out _);

    /// <summary>An image as the engine has it; null: it has none of that name.</summary>
    public Task<ImageFacts?> FindAsync(string image, CancellationToken cancellationToken) => engine.AskAsync(
        $"look for the image '{image}'",
        async (client, token) =>
        {
            try
            {
                return ImageFacts.Of(image, await client.Images.InspectImageAsync(image, token));
            }
            catch (DockerImageNotFoundException)
            {
                return null;
            }
        },
        cancellationToken);

    /// <summary>The path of the first of these programs that is in an image: each a path, or a name looked for on its PATH. Null: none is.</summary>
    public async Task<string?> FindProgramAsync(ImageFacts image, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        (string, string) key = (image.Id, string.Join('\n', names));
        Task<string?> finding = _programs.GetOrAdd(key, _ => SearchAsync(image, names));
        try
        {
            return await finding.WaitAsync(cancellationToken);
        }
        catch (RunnerException)
        {
            _programs.TryRemove(KeyValuePair.Create(key, finding));
            throw;
        }
    }

    /// <summary>Waits for what nobody waits for any more.</summary>
    public async ValueTask DisposeAsync() => await ((Task)Task.WhenAll(_programs.Values)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>Looks into a container that is never started: no program of the image is needed for that, not even a shell.</summary>
    private async Task<string?> SearchAsync(ImageFacts image, IReadOnlyList<string> names)
    {
        string container = ledger.NewName();
        try
        {
            await engine.AskAsync(
                $"look into the image '{image.Name}'",
                (client, token) => client.Containers.CreateContainerAsync(
                    new CreateContainerParameters
                    {
                        Name = container,
                        Image = image.Id,
                        Entrypoint = ["/"],
                        NetworkDisabled = true,
                        Labels = new Dictionary<string, string>(Ownership.Labels),
                    },
                    token),
                CancellationToken.None);
            foreach (string candidate in names.SelectMany(name => name.Contains('/', StringComparison.Ordinal) ? [name] : image.Path.Select(folder => $"{folder.TrimEnd('/')}/{name}")))
            {
                if (await IsProgramAsync(container, candidate))
                {
                    return candidate;
                }
            }

            return null;
        }
        finally
        {
            ledger.Discard(container);
        }
    }

    private Task<bool> IsProgramAsync(string container, string path) => engine.AskAsync(
        "look into an image",
        async (client, token) =>
        {
            try
            {
                for (int links = 0; links < MostLinks; links++)
                {
                    ContainerPathStatResponse stat = (await client.Containers.GetArchiveFromContainerAsync(
                        container, new ContainerPathStatParameters { Path = path }, statOnly: true, token)).Stat;
                    if (string.IsNullOrEmpty(stat.LinkTarget))
                    {
                        // Go's own mode bits: anything but a regular file has one of the upper ones.
                        return (stat.Mode & 0x8F280000) == 0 && (stat.Mode & 0b001_001_001) != 0;
                    }

                    path = stat.LinkTarget;
                }

                return false;
            }
            catch (DockerApiException absent) when (absent.StatusCode is System.Net.HttpStatusCode.NotFound or System.Net.HttpStatusCode.BadRequest)
            {
                return false;
            }
        },
        CancellationToken.None);

    /// <summary>Once in this process's life; a failure is not kept.</summary>
    private async Task RefreshAsync(string image, CancellationToken cancellationToken)
    {
        Task refreshing = _refreshed.GetOrAdd(image, _ => pulls.PullAsync(image, progress: null, CancellationToken.None));
        try
        {
            await refreshing.WaitAsync(cancellationToken);
        }
        catch (RunnerException)
        {
            _refreshed.TryRemove(KeyValuePair.Create(image, refreshing));
            throw;
        }
    }
}
