using Executor.Tasks;

namespace Executor.Executors;

/// <summary>Which of the code executors runs a task.</summary>
public static class CodeExecutorChoice
{
    /// <summary>The code executor of that name, exactly spelt; null: there is none.</summary>
    /// <param name="executors">The code executors there are.</param>
    /// <param name="name">Its name.</param>
    public static CodeExecutorOptions? Named(IReadOnlyList<CodeExecutorOptions> executors, string name) =>
        executors.FirstOrDefault(options => options.Name == name);

    /// <summary>The code executor of tasks that name only a kind of runner: the first of that kind; null: there is none.</summary>
    /// <param name="executors">The code executors there are.</param>
    /// <param name="kind">The kind of runner.</param>
    public static CodeExecutorOptions? DefaultFor(IReadOnlyList<CodeExecutorOptions> executors, RunnerKind kind) =>
        executors.FirstOrDefault(options => options.Kind == kind);

    /// <summary>The code executor the task names, else the default one of its kind of runner, else this machine's; null: there is none.</summary>
    /// <param name="executors">The code executors there are.</param>
    /// <param name="task">The task.</param>
    public static CodeExecutorOptions? Find(IReadOnlyList<CodeExecutorOptions> executors, TaskSpec task) =>
        task.Executor is string name ? Named(executors, name) : DefaultFor(executors, task.Runner ?? RunnerKind.Localhost);

    /// <summary>The code executors with those that are there without being configured, behind the configured ones and unless one of these has the name.</summary>
    /// <param name="configured">The configured ones.</param>
    /// <param name="builtIn">Those that are always there.</param>
    public static IReadOnlyList<CodeExecutorOptions> WithBuiltIn(IReadOnlyList<CodeExecutorOptions> configured, IEnumerable<CodeExecutorOptions> builtIn) =>
        [.. configured, .. builtIn.Where(options => Named(configured, options.Name) is null)];

    /// <summary>Adds a fault if no code executor here can run the task.</summary>
    /// <param name="executors">The code executors there are.</param>
    /// <param name="runners">The kinds of runner that this host has.</param>
    /// <param name="task">The task.</param>
    /// <param name="faults">What is wrong with it is added here.</param>
    public static void Check(
        IReadOnlyList<CodeExecutorOptions> executors, IReadOnlyCollection<RunnerKind> runners, TaskSpec task, List<ValidationFault> faults)
    {
        CodeExecutorOptions? found = Find(executors, task);
        RunnerKind kind = found?.Kind ?? task.Runner ?? RunnerKind.Localhost;
        if (found is null && task.Executor is string name)
        {
            string known = string.Join(", ", executors.Where(options => !options.IsBuiltIn).Select(options => options.Name).DefaultIfEmpty("none"));
            faults.Add(new("executor", $"'{name}' is not in the configuration; code executors there: {known}"));
        }
        else if (task.Runner is RunnerKind asked && asked != kind)
        {
            faults.Add(new("runner", $"is {asked.WireName}, but the code executor '{found!.Name}' runs on {kind.WireName}"));
        }
        else if (!runners.Contains(kind))
        {
            faults.Add(new("runner", $"{kind.WireName} is not part of this build; runners here: {string.Join(", ", runners.Select(known => known.WireName))}"));
        }
        else if (found is null)
        {
            faults.Add(new("runner", $"is {kind.WireName}, but the configuration has no code executor of that kind (code_executors.{kind.WireName})"));
        }
    }
}
