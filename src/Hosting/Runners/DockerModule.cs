using Executor.Configuration;
using Executor.Executors;
using Executor.Hosting.Doctor;
using Executor.Jobs;
using Executor.Runners.Docker;
using Executor.Runners.Workspaces;
using Executor.Tasks;
using Microsoft.Extensions.Logging;

namespace Executor.Hosting.Runners;

/// <summary>The Docker runner.</summary>
internal sealed class DockerModule : RunnerModule
{
    /// <inheritdoc/>
    public override RunnerKind Kind => RunnerKind.Docker;

    /// <inheritdoc/>
    public override IRunnerBackend CreateBackend(ExecutorConfiguration configuration, ILoggerFactory logging) => new DockerBackend(TimeProvider.System);

    /// <inheritdoc/>
    public override IEnumerable<IJobType> JobTypes(ExecutorConfiguration configuration, Func<IRunnerBackend> backend) =>
        [new ImageDownload([.. configuration.CodeExecutors.OfType<DockerCodeExecutorOptions>()], () => (DockerBackend)backend())];

    /// <inheritdoc/>
    public override async Task<Finding> CheckAsync(CodeExecutorOptions executor, IRunnerBackend backend, CancellationToken cancellationToken)
    {
        string found = await ((DockerBackend)backend).CheckAsync((DockerCodeExecutorOptions)executor, cancellationToken);
        return new Finding(NameOf(executor), FindingStatus.Ok, found);
    }
}
