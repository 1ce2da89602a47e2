using System.Collections.Concurrent;
using Docker.DotNet;
using Docker.DotNet.Models;
using Executor.Executors;
using Executor.Runners.Docker.Containers;
using Executor.Runners.Docker.Engine;
using Executor.Runners.Docker.Images;
using Executor.Runners.Docker.Options;
using Executor.Runners.Workspaces;

namespace Executor.Runners.Docker.Plain;

/// <summary>
/// A working directory for an image without a Python, in which no agent can run: each process is a container's only program, with limits of
/// its own, and a volume is what they share. Slower to start than an agent's task, and with less to tell about its end.
/// </summary>
internal sealed class ProgramWorkspace(DockerEngine engine, ContainerLedger ledger, DockerCodeExecutorOptions executor, ImageFacts image) : IWorkspace
{
    private readonly string _volume = ledger.NewVolumeName();
    private readonly List<WorkspaceFile> _files = [];
    private readonly List<string> _containers = [];
    private readonly ConcurrentBag<ContainerProgram> _programs = [];
    private readonly SemaphoreSlim _making = new(1);
    private volatile string? _last;

    /// <summary>Not the volume itself: the engine would keep that root's.</summary>
    public string Directory => $"{ContainerRecipe.Volume}/{ContainerRecipe.VolumeFolder}";

    /// <summary>They are handed over when the next process's container is made, before it starts; at once where one runs.</summary>
    public async Task PutAsync(IReadOnlyList<WorkspaceFile> files, CancellationToken cancellationToken)
    {
        await _making.WaitAsync(cancellationToken);
        try
        {
            _files.AddRange(files);
            if (_programs.Any(program => program.IsRunning))
            {
                await HandOverFilesAsync(_last!, cancellationToken);
            }
        }
        finally
        {
            _making.Release();
        }
    }

    /// <remarks>What makes something is never called back: it might be made all the same, when nobody knows of it any more.</remarks>
    public async Task<IRunningProcess> StartAsync(ProcessSpec spec, CancellationToken cancellationToken)
    {
        string name = await MakeContainerAsync(spec, cancellationToken);
        MultiplexedStream attached = await engine.AskAsync(
            "attach to a container",
            (client, token) => client.Containers.AttachContainerAsync(
                name, new ContainerAttachParameters { Stream = true, Stdin = spec.HasInput, Stdout = true, Stderr = true }, token),
            cancellationToken);
        string? startError = null;
        await engine.AskAsync(
            $"start a container of the image '{image.Name}'",
            async (client, token) =>
            {
                try
                {
                    await client.Containers.StartContainerAsync(name, new ContainerStartParameters(), token);
                }
                catch (DockerApiException refused) when (StartErrorOf(refused, spec.Argv[0]) is string problem)
                {
                    startError = problem;
                }
            },
            cancellationToken);
        ContainerProgram program = new(engine, name, attached, spec, startError);
        _programs.Add(program);
        return program;
    }

    public Task<CollectedFiles> GetAsync(IReadOnlyList<string> patterns, long maxBytes, CancellationToken cancellationToken) => engine.AskAsync(
        "read a task's files",
        async (client, token) =>
        {
            ContainerArchiveResponse answer = await client.Containers.GetArchiveFromContainerAsync(
                _last!, new ContainerPathStatParameters { Path = Directory }, statOnly: false, token);
            await using Stream archive = answer.Stream!;
            return await FileArchive.CollectAsync(archive, patterns, maxBytes, token);
        },
        cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_programs.Where(program => program.IsRunning).Select(program => program.EndAsync()));
        _making.Dispose();
        await Task.WhenAll(_containers.Select(ledger.DiscardAsync));
        await ledger.DiscardAsync(_volume);
    }

    private async Task<string> MakeContainerAsync(ProcessSpec spec, CancellationToken cancellationToken)
    {
        await _making.WaitAsync(cancellationToken);
        try
        {
            if (_last is null)
            {
                await engine.AskAsync(
                    "create a volume",
                    (client, token) => client.Volumes.CreateAsync(new VolumesCreateParameters { Name = _volume, Labels = new Dictionary<string, string>(Ownership.Labels) }, token),
                    CancellationToken.None);
            }

            string name = ledger.NewName();
            _containers.Add(name);
            CreateContainerParameters container = ContainerRecipe.CreateForProgram(name, image.Id, executor, _volume, spec, image.EnvironmentFor(spec.Env));
            await engine.AskAsync("create a container", (client, token) => client.Containers.CreateContainerAsync(container, token), CancellationToken.None);
            if (_last is null || _files.Count > 0)
            {
                await HandOverFilesAsync(name, cancellationToken);
            }

            return _last = name;
        }
        finally
        {
            _making.Release();
        }
    }

    private async Task HandOverFilesAsync(string container, CancellationToken cancellationToken)
    {
        using MemoryStream archive = FileArchive.Pack(ContainerRecipe.VolumeFolder, _files, ContainerRecipe.IdsOf(executor.User ?? ContainerRecipe.DefaultUser));
        await engine.AskAsync(
            "write a task's files",
            (client, token) => client.Containers.ExtractArchiveToContainerAsync(container, new CopyToContainerParameters { Path = ContainerRecipe.Volume }, archive, token),
            cancellationToken);
        _files.Clear();
    }

    /// <summary>The engine's account of a program that can't be executed; null: it is about something else.</summary>
    private static string? StartErrorOf(DockerApiException refused, string program)
    {
        string said = EngineFailure.MessageOf(refused);
        return !said.Contains("exec", StringComparison.Ordinal) ? null
            : said.Contains("not found", StringComparison.Ordinal) || said.Contains("no such file", StringComparison.Ordinal) ? $"{program}: not found"
            : said.Contains("permission denied", StringComparison.Ordinal) ? $"{program}: not executable"
            : said.Contains("exec format error", StringComparison.Ordinal) ? $"{program}: not a program this machine can run, and it has no #! line"
            : null;
    }
}
