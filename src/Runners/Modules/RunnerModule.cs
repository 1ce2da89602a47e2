using Executor.Executors;
using Executor.Jobs;
using Executor.Runners.Workspaces;
using Executor.Tasks;

namespace Executor.Runners.Modules;

/// <summary>A runner, with everything that comes with it: what is above runners asks it, and knows no kind of them. Without state.</summary>
public abstract class RunnerModule
{
    /// <summary>The kind of runner.</summary>
    public abstract RunnerKind Kind { get; }

    /// <summary>The section of <c>code_executors</c> that has its code executors.</summary>
    public abstract string Section { get; }

    /// <summary>What it can do: its backend's.</summary>
    public abstract RunnerCapabilities Capabilities { get; }

    /// <summary>Its code executors that are there without being configured.</summary>
    public virtual IReadOnlyList<CodeExecutorOptions> BuiltIn => [];

    /// <summary>What it adds to the command line; each is a command of the program.</summary>
    public virtual IReadOnlyList<ModuleCommand> Commands => [];

    /// <summary>Reads one of its code executors. What is wrong with it is reported to the entry; what comes back then is not used.</summary>
    /// <param name="name">The code executor's name.</param>
    /// <param name="entry">What is written under it.</param>
    public abstract CodeExecutorOptions Read(string name, ICodeExecutorEntry entry);

    /// <summary>Makes the backend, when the first task or check asks for it. It runs the tasks of all its code executors, with and without a sandbox.</summary>
    /// <exception cref="RunnerException">It can't be made; the message says why.</exception>
    public abstract IRunnerBackend CreateBackend(RunnerContext context);

    /// <summary>Kinds of job that come with it.</summary>
    public virtual IEnumerable<IJobType> JobTypes(RunnerContext context) => [];

    /// <summary>What <c>doctor</c> looks at: whether tasks can run on its code executors.</summary>
    public abstract IEnumerable<RunnerCheck> Checks(RunnerContext context);

    /// <summary>A code executor's name where those of several runners are listed.</summary>
    protected string NameOf(CodeExecutorOptions executor) => $"{Kind.WireName} {executor.Name}";
}
