using Executor.Configuration;
using Executor.Executors;
using Executor.Hosting.Doctor;
using Executor.Jobs;
using Executor.Runners.Workspaces;
using Executor.Tasks;
using Microsoft.Extensions.Logging;

namespace Executor.Hosting.Runners;

/// <summary>
/// A runner besides this machine, and what comes with it. Its code is loaded when something of it is used: nothing here
/// may cost a run that doesn't.
/// </summary>
internal abstract class RunnerModule
{
    /// <summary>The kind of runner.</summary>
    public abstract RunnerKind Kind { get; }

    /// <summary>A code executor's name where those of several runners are listed.</summary>
    public string NameOf(CodeExecutorOptions executor) => $"{Kind.ToString().ToLowerInvariant()} {executor.Name}";

    /// <summary>Makes the backend, when the first task or check asks for it.</summary>
    public abstract IRunnerBackend CreateBackend(ExecutorConfiguration configuration, ILoggerFactory logging);

    /// <summary>Kinds of job that come with it.</summary>
    /// <param name="configuration">The code executors there are.</param>
    /// <param name="backend">The backend, made when it is first called.</param>
    public virtual IEnumerable<IJobType> JobTypes(ExecutorConfiguration configuration, Func<IRunnerBackend> backend) => [];

    /// <summary>Looks at one of its code executors for <c>doctor</c> and <c>runtimes</c>: whether tasks can run there, else which setting to look at.</summary>
    public abstract Task<Finding> CheckAsync(CodeExecutorOptions executor, IRunnerBackend backend, CancellationToken cancellationToken);
}
