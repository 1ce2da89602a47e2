using Executor.Executors;
using Executor.Runners.Docker.Containers;
using Executor.Runners.Docker.Engine;
using Executor.Runners.Docker.Images;
using Executor.Runners.Docker.Options;
using Executor.Runners.Docker.Plain;
using Executor.Runners.Probing;
using Executor.Runners.Workspaces;
using Executor.Runtimes;
using Executor.Tasks;

namespace Executor.Runners.Docker;

/// <summary>
/// A Docker engine: every task runs in a container of its own, of its code executor's image, made ahead where it can be. The engine is
/// looked for when the first task comes, and again after it was away; until then tasks fail with what to do.
/// </summary>
internal sealed class DockerBackend : IRunnerBackend, IInterpreterFinder
{
    private static readonly string[] Pythons = ["python3", "python"];

    private readonly DockerEngine _engine;
    private readonly ContainerLedger _ledger;
    private readonly ContainerPool _pool;
    private readonly ImageStore _images;
    private readonly Lock _lock = new();
    private Task? _sweep;

    /// <param name="time">The clock.</param>
    /// <param name="endpoint">Where the engine listens; null: what <c>DOCKER_HOST</c> says, else the system's socket.</param>
    /// <exception cref="RunnerException"><c>DOCKER_HOST</c> is no address.</exception>
    public DockerBackend(TimeProvider time, Uri? endpoint = null)
    {
        _engine = new DockerEngine(endpoint ?? EngineEndpoint.Find());
        _ledger = new ContainerLedger(_engine, time);
        _pool = new ContainerPool(_engine, _ledger);
        Pulls = new ImagePulls(_engine);
        _images = new ImageStore(_engine, Pulls, _ledger);
        Pulls.Pulled = _images.Forget;
    }

    /// <summary>What an engine can do.</summary>
    public static RunnerCapabilities Able { get; } = new() { IsElsewhere = true, ServesUnsandboxed = true };

    /// <inheritdoc/>
    public RunnerKind Kind => RunnerKind.Docker;

    /// <inheritdoc/>
    public RunnerCapabilities Capabilities => Able;

    /// <summary>Pulls under way.</summary>
    internal ImagePulls Pulls { get; }

    /// <summary>Containers that wait for a task.</summary>
    internal int ReadyContainers => _pool.Ready;

    /// <summary>Completes when the containers that are being made ahead are.</summary>
    internal Task PreparedAsync() => _pool.PreparedAsync();

    /// <inheritdoc/>
    public async Task<IWorkspace> OpenAsync(WorkspaceRequest request, CancellationToken cancellationToken)
    {
        DockerCodeExecutorOptions executor = Options(request.CodeExecutor);
        await SweepOnceAsync(cancellationToken);
        ImageFacts image = await _images.GetAsync(executor, cancellationToken);
        bool forksPython = request is { Warm: WarmKind.ForkPython, Interpreter: not null };
        string? python = forksPython
            ? request.Interpreter
            : await FindPythonAsync(executor, image, cancellationToken);
        if (python is null)
        {
            return new ProgramWorkspace(_engine, _ledger, executor, image);
        }

        AgentContainer container = await _pool.RentAsync(ContainerKey.Of(executor, image, python, request), request.Limits, cancellationToken);
        return new AgentContainerWorkspace(container, image, forksPython);
    }

    /// <inheritdoc/>
    public async Task<ProbeResult> FindAsync(RuntimeDefinition runtime, string? interpreter, CodeExecutorOptions executor, CancellationToken cancellationToken)
    {
        DockerCodeExecutorOptions options = Options(executor);
        ImageFacts image = await _images.GetAsync(options, cancellationToken);
        IReadOnlyList<string> names = interpreter is null ? runtime.Interpreter : [interpreter];
        string? path = await _images.FindProgramAsync(image, names, cancellationToken);
        return path is not null
            ? new ProbeResult { Runtime = runtime, Path = path }
            : new ProbeResult
            {
                Runtime = runtime with { InstallHint = $"set code_executors.docker.{options.Name}.{(interpreter is null ? "image to one that has it" : "code_executor_path to where it is in the image, or image to one that has it")}" },
                Problem = $"the image '{options.Image}' has no {string.Join(" or ", names)}",
            };
    }

    /// <summary>Pulls an image, or joins a pull of it that is under way; it is stopped when nobody waits for it any more.</summary>
    /// <param name="image">Its name.</param>
    /// <param name="progress">Told of each step; called from one thread at a time. Null: nobody.</param>
    /// <param name="cancellationToken">Leaves the pull.</param>
    /// <exception cref="RunnerException">It could not be pulled; the message says why.</exception>
    public Task PullAsync(string image, Action<PullProgress>? progress, CancellationToken cancellationToken) => Pulls.PullAsync(image, progress, cancellationToken);

    /// <summary>Looks for a code executor's image.</summary>
    /// <exception cref="RunnerException">The engine can't be reached.</exception>
    public Task<ExecutorImage> FindImageAsync(DockerCodeExecutorOptions executor, CancellationToken cancellationToken) =>
        _images.DescribeAsync(executor, cancellationToken);

    /// <summary>Whether tasks of a code executor can run, without pulling its image.</summary>
    /// <returns>What was found: the image's Python, or that there is none.</returns>
    /// <exception cref="RunnerException">They can't; the message says which setting to look at.</exception>
    public async Task<string> CheckAsync(DockerCodeExecutorOptions executor, CancellationToken cancellationToken)
    {
        ImageFacts? image = await _images.FindAsync(executor.Image, cancellationToken);
        if (image is null)
        {
            return executor.PullPolicy == ImagePullPolicy.Never
                ? throw ImageStore.Absent(executor)
                : $"the image {executor.Image} is not there yet and is pulled by the first task (now: executor images pull {executor.Name})";
        }

        if (executor.CodeExecutorPath is string path && await _images.FindProgramAsync(image, [path], cancellationToken) is null)
        {
            throw new RunnerException(
                TaskErrorTypes.RuntimeUnavailable,
                $"the image '{executor.Image}' has no {path}: set code_executors.docker.{executor.Name}.code_executor_path to where its Python is");
        }

        return await FindPythonAsync(executor, image, cancellationToken) is string python
            ? $"{executor.Image}, {python}"
            : $"{executor.Image}, without a Python: commands and other languages only, each in a container made for it";
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Pulls.DisposeAsync();
        await _images.DisposeAsync();
        await _pool.DisposeAsync();
        if (_sweep is not null)
        {
            await _sweep.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await _ledger.DisposeAsync();
        _engine.Dispose();
    }

    private static DockerCodeExecutorOptions Options(CodeExecutorOptions? executor) =>
        executor as DockerCodeExecutorOptions ?? throw new ArgumentException("A Docker task needs a Docker code executor.", nameof(executor));

    private Task<string?> FindPythonAsync(DockerCodeExecutorOptions executor, ImageFacts image, CancellationToken cancellationToken) =>
        _images.FindProgramAsync(image, executor.CodeExecutorPath is null ? Pythons : [executor.CodeExecutorPath, .. Pythons], cancellationToken);

    /// <summary>What killed processes left is removed before the first task runs. An engine that is away is asked again by the next one.</summary>
    private async Task SweepOnceAsync(CancellationToken cancellationToken)
    {
        Task sweep;
        lock (_lock)
        {
            sweep = _sweep is null or { IsFaulted: true } ? _sweep = OrphanSweep.RunAsync(_engine, CancellationToken.None) : _sweep;
        }

        await sweep.WaitAsync(cancellationToken);
    }
}
