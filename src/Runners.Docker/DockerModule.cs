using Executor.Executors;
using Executor.Jobs;
using Executor.Runners.Docker.Images;
using Executor.Runners.Docker.Options;
using Executor.Runners.Modules;
using Executor.Runners.Workspaces;
using Executor.Tasks;

namespace Executor.Runners.Docker;

/// <summary>The runner of containers of a Docker engine.</summary>
public sealed class DockerModule : RunnerModule
{
    /// <inheritdoc/>
    public override RunnerKind Kind => RunnerKind.Docker;

    /// <inheritdoc/>
    public override string Section => "docker";

    /// <inheritdoc/>
    public override RunnerCapabilities Capabilities => DockerBackend.Able;

    /// <inheritdoc/>
    public override IReadOnlyList<ModuleCommand> Commands => [ImagesCommand.Create()];

    /// <inheritdoc/>
    public override CodeExecutorOptions Read(string name, ICodeExecutorEntry entry) => DockerOptionsReader.Read(name, entry);

    /// <inheritdoc/>
    public override IRunnerBackend CreateBackend(RunnerContext context) => new DockerBackend(context.Time);

    /// <inheritdoc/>
    public override IEnumerable<IJobType> JobTypes(RunnerContext context) =>
        [new ImageDownload([.. context.CodeExecutors.Cast<DockerCodeExecutorOptions>()], () => (DockerBackend)context.Backend())];

    /// <inheritdoc/>
    public override IEnumerable<RunnerCheck> Checks(RunnerContext context) => context.CodeExecutors.Cast<DockerCodeExecutorOptions>().Select(executor => new RunnerCheck(
        NameOf(executor),
        async cancellationToken => new Finding(
            NameOf(executor), FindingStatus.Ok, await ((DockerBackend)context.Backend()).CheckAsync(executor, cancellationToken))));
}
