using Executor.Tasks;

namespace Executor.Configuration;

/// <summary>Which code executor of the configuration runs a task.</summary>
public static class CodeExecutorChoice
{
    /// <summary>The code executor the task names, else the default one of its kind of runner, else this machine's; null: there is none.</summary>
    public static CodeExecutorOptions? Find(ExecutorConfiguration configuration, TaskSpec task) =>
        task.Executor is string name ? configuration.FindCodeExecutor(name) : configuration.DefaultFor(task.Runner ?? RunnerKind.Localhost);

    /// <summary>Adds a fault if no code executor here can run the task.</summary>
    /// <param name="configuration">The code executors there are.</param>
    /// <param name="runners">The kinds of runner that this host has.</param>
    /// <param name="task">The task.</param>
    /// <param name="faults">What is wrong with it is added here.</param>
    public static void Check(
        ExecutorConfiguration configuration, IReadOnlyCollection<RunnerKind> runners, TaskSpec task, List<ValidationFault> faults)
    {
        CodeExecutorOptions? found = Find(configuration, task);
        RunnerKind kind = found?.Kind ?? task.Runner ?? RunnerKind.Localhost;
        if (found is null && task.Executor is string name)
        {
            string known = string.Join(", ", configuration.CodeExecutors.Select(options => options.Name).DefaultIfEmpty("none"));
            faults.Add(new("executor", $"'{name}' is not in the configuration; code executors there: {known}"));
        }
        else if (task.Runner is RunnerKind asked && asked != kind)
        {
            faults.Add(new("runner", $"is {WireName(asked)}, but the code executor '{found!.Name}' runs on {WireName(kind)}"));
        }
        else if (!runners.Contains(kind))
        {
            faults.Add(new("runner", $"{WireName(kind)} is not part of this build; runners here: {string.Join(", ", runners.Select(WireName))}"));
        }
        else if (found is null)
        {
            faults.Add(new("runner", $"is {WireName(kind)}, but the configuration has no code executor of that kind (code_executors.{WireName(kind)})"));
        }
    }

    private static string WireName(RunnerKind kind) => kind.ToString().ToLowerInvariant();
}
