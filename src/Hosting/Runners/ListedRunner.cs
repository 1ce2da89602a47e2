using Executor.Runners.Modules;
using Executor.Tasks;

namespace Executor.Hosting.Runners;

/// <summary>
/// A runner of the list. What the list says of it is known without its code, which is loaded when something of it is used: nothing of it may
/// cost a run that doesn't.
/// </summary>
/// <param name="kind">Its module's kind.</param>
/// <param name="section">Its module's section.</param>
/// <param name="create">Makes its module.</param>
public sealed class ListedRunner(RunnerKind kind, string section, Func<RunnerModule> create)
{
    private readonly Lazy<RunnerModule> _module = new(create);

    /// <summary>The kind of runner.</summary>
    public RunnerKind Kind => kind;

    /// <summary>The section of <c>code_executors</c> that has its code executors.</summary>
    public string Section => section;

    /// <summary>Whether it has code executors that are there without being configured.</summary>
    public bool IsBuiltIn { get; init; }

    /// <summary>Everything else of it.</summary>
    public RunnerModule Module => _module.Value;
}
