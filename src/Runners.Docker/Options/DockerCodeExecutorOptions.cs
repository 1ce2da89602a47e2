using Executor.Executors;
using Executor.Limits;
using Executor.Tasks;

namespace Executor.Runners.Docker.Options;

/// <summary>Containers of one image: an entry of <c>code_executors.docker</c>.</summary>
public sealed record DockerCodeExecutorOptions : CodeExecutorOptions
{
    /// <summary>An entry with the defaults: 256 MiB, one core, 50 processes, 30 s.</summary>
    public DockerCodeExecutorOptions()
    {
        Timeout = TimeSpan.FromSeconds(30);
        Limits = DefaultLimits;
    }

    /// <summary>What <c>mem_limit_mb</c> and <c>pids_limit</c> are when the file doesn't say: 256 and 50. They are <see cref="CodeExecutorOptions.Limits"/>.</summary>
    public static TaskLimits DefaultLimits { get; } = new() { MemoryMb = 256, Pids = 50 };

    /// <inheritdoc/>
    public override RunnerKind Kind => RunnerKind.Docker;

    /// <summary>The image (<c>python:3.11-alpine</c>).</summary>
    public required string Image { get; init; }

    /// <summary>CPU cores a container may use. Range over 0 to 1,024. Default 1.</summary>
    public double CpusLimitCores { get; init; } = 1;

    /// <summary>The Docker network of tasks that may use the network; null: Docker's default bridge. Tasks that may not get none.</summary>
    public string? Network { get; init; }

    /// <summary>User inside the container (<c>name</c>, <c>uid</c> or <c>uid:gid</c>); null: the runner's unprivileged default.</summary>
    public string? User { get; init; }

    /// <summary>Folders of the engine's host seen inside the container.</summary>
    public IReadOnlyList<DockerMount> Mounts { get; init; } = [];

    /// <summary>GPUs given to a container: a count, or -1 (in the file <c>all</c>) for all. Range -1 to 64. Default 0.</summary>
    public int Gpus { get; init; }

    /// <summary>When the image is pulled. Default <see cref="ImagePullPolicy.Missing"/>.</summary>
    public ImagePullPolicy PullPolicy { get; init; }

    /// <summary>Containers kept started ahead of tasks, from the second task of a kind on. Range 0 to 1,000. Default 2.</summary>
    public int PoolSize { get; init; } = 2;

    /// <inheritdoc/>
    public override StoredCodeExecutor Stored => new("docker", [("image", Image)]);
}

/// <summary>A folder of the engine's host seen inside the container; in the file <c>source:target</c> or <c>source:target:ro</c>.</summary>
/// <param name="Source">Absolute path on the engine's host, or a volume's name.</param>
/// <param name="Target">Absolute path inside the container.</param>
/// <param name="ReadOnly">Whether it can only be read.</param>
public sealed record DockerMount(string Source, string Target, bool ReadOnly);

/// <summary>When an image is pulled.</summary>
public enum ImagePullPolicy
{
    /// <summary>When the engine does not have it.</summary>
    Missing,

    /// <summary>Before each first use in a process's life.</summary>
    Always,

    /// <summary>Never: an absent image is an error.</summary>
    Never,
}
