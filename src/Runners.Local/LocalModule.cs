using System.Diagnostics;
using System.Globalization;
using Executor.Executors;
using Executor.Jobs;
using Executor.Runners.Environments;
using Executor.Runners.Local.Options;
using Executor.Runners.Modules;
using Executor.Runners.Workspaces;
using Executor.Tasks;

namespace Executor.Runners.Local;

/// <summary>The runner of this machine: in the sandbox, and as plain processes for tasks that ask for none.</summary>
public sealed class LocalModule : RunnerModule
{
    /// <inheritdoc/>
    public override RunnerKind Kind => RunnerKind.Localhost;

    /// <inheritdoc/>
    public override string Section => "local";

    /// <inheritdoc/>
    public override RunnerCapabilities Capabilities => LocalBackend.Able;

    /// <inheritdoc/>
    public override IReadOnlyList<CodeExecutorOptions> BuiltIn => [LocalCodeExecutorOptions.Default];

    /// <inheritdoc/>
    public override CodeExecutorOptions Read(string name, ICodeExecutorEntry entry) => new LocalCodeExecutorOptions
    {
        Name = name,
        CodeExecutorPath = entry.FilePath("code_executor_path"),
        Timeout = entry.Seconds("timeout_sec") ?? LocalCodeExecutorOptions.Default.Timeout,
        Limits = entry.Limits("limits"),
        WorkDir = entry.FilePath("work_dir"),
    };

    /// <inheritdoc/>
    public override IRunnerBackend CreateBackend(RunnerContext context) => new LocalBackend(context.Sandbox);

    /// <inheritdoc/>
    public override IEnumerable<IJobType> JobTypes(RunnerContext context) =>
        [new RuntimeEnvInstall(context.Environments, context.Runtimes, context.CodeExecutors)];

    /// <inheritdoc/>
    public override IEnumerable<RunnerCheck> Checks(RunnerContext context)
    {
        const string name = "sandbox";
        yield return new RunnerCheck(name, async cancellationToken =>
        {
            long start = Stopwatch.GetTimestamp();
            try
            {
                await ((LocalBackend)context.Backend()).Sandbox.CheckAsync(cancellationToken);
                double took = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                return new Finding(name, FindingStatus.Ok, string.Create(CultureInfo.InvariantCulture, $"works (the first one took {took:0} ms)"));
            }
            catch (RunnerException exception)
            {
                return new Finding(name, FindingStatus.Problem, exception.Message, "until then only --no-sandbox runs here, without any isolation");
            }
        });
    }
}
