using System.Diagnostics;
using System.Globalization;
using Executor.Executors;
using Executor.Jobs;
using Executor.Runners.Modules;
using Executor.Runners.Ssh.Install;
using Executor.Runners.Ssh.Options;
using Executor.Runners.Workspaces;
using Executor.Tasks;
using Microsoft.Extensions.Logging;

namespace Executor.Runners.Ssh;

/// <summary>The runner of other hosts, over SSH.</summary>
public sealed class SshModule : RunnerModule
{
    /// <inheritdoc/>
    public override RunnerKind Kind => RunnerKind.Ssh;

    /// <inheritdoc/>
    public override string Section => "ssh";

    /// <inheritdoc/>
    public override RunnerCapabilities Capabilities => SshBackend.Able;

    /// <inheritdoc/>
    public override IReadOnlyList<ModuleCommand> Commands => [HostCommands.Create()];

    /// <inheritdoc/>
    public override CodeExecutorOptions Read(string name, ICodeExecutorEntry entry) => SshOptionsReader.Read(name, entry);

    /// <inheritdoc/>
    public override IRunnerBackend CreateBackend(RunnerContext context) =>
        new SshBackend(context.Sandbox, context.Logging.CreateLogger<SshBackend>(), context.Time);

    /// <inheritdoc/>
    public override IEnumerable<IJobType> JobTypes(RunnerContext context) =>
        [new InstallRuntimeJob(context.CodeExecutors.Cast<SshCodeExecutorOptions>(), (options, cancellationToken) => BackendOf(context).StartPythonAsync(options, cancellationToken))];

    /// <inheritdoc/>
    public override IEnumerable<RunnerCheck> Checks(RunnerContext context) => context.CodeExecutors.Cast<SshCodeExecutorOptions>().Select(executor =>
        new RunnerCheck(NameOf(executor), cancellationToken => CheckAsync(BackendOf(context), executor, cancellationToken)));

    private static SshBackend BackendOf(RunnerContext context) => (SshBackend)context.Backend();

    private async Task<Finding> CheckAsync(SshBackend backend, SshCodeExecutorOptions options, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        SshHostReport report = await backend.CheckAsync(options, cancellationToken);
        double took = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        string works = string.Create(
            CultureInfo.InvariantCulture,
            $"{options.Username}@{options.Host}:{options.Port} works (the first connection took {took:0} ms), Python {report.PythonVersion} at {report.Python}");
        return report.SandboxProblem is null
            ? new Finding(NameOf(options), FindingStatus.Ok, works)
            : new Finding(NameOf(options), FindingStatus.Warning, $"{works}\ntasks there are plain processes of {options.Username}: {report.SandboxProblem}");
    }
}
