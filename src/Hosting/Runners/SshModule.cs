using System.Diagnostics;
using System.Globalization;
using Executor.Configuration;
using Executor.Executors;
using Executor.Hosting.Doctor;
using Executor.Jobs;
using Executor.Runners.Ssh;
using Executor.Runners.Ssh.Install;
using Executor.Runners.Workspaces;
using Executor.Tasks;
using Microsoft.Extensions.Logging;

namespace Executor.Hosting.Runners;

/// <summary>The SSH runner.</summary>
internal sealed class SshModule : RunnerModule
{
    public override RunnerKind Kind => RunnerKind.Ssh;

    public override IRunnerBackend CreateBackend(ExecutorConfiguration configuration, ILoggerFactory logging) =>
        new SshBackend(configuration.Sandbox, logging.CreateLogger<SshBackend>(), TimeProvider.System);

    public override IEnumerable<IJobType> JobTypes(ExecutorConfiguration configuration, Func<IRunnerBackend> backend) =>
        [new InstallRuntimeJob(configuration.CodeExecutors.OfType<SshCodeExecutorOptions>(), () => (SshBackend)backend())];

    public override async Task<Finding> CheckAsync(CodeExecutorOptions executor, IRunnerBackend backend, CancellationToken cancellationToken)
    {
        var options = (SshCodeExecutorOptions)executor;
        long start = Stopwatch.GetTimestamp();
        SshHostReport report = await ((SshBackend)backend).CheckAsync(options, cancellationToken);
        double took = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        string works = string.Create(
            CultureInfo.InvariantCulture,
            $"{options.Username}@{options.Host}:{options.Port} works (the first connection took {took:0} ms), Python {report.PythonVersion} at {report.Python}");
        return report.SandboxProblem is null
            ? new Finding(NameOf(options), FindingStatus.Ok, works)
            : new Finding(NameOf(options), FindingStatus.Warning, $"{works}\ntasks there are plain processes of {options.Username}: {report.SandboxProblem}");
    }
}
