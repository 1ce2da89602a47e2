using Executor.Configuration;
using Executor.Tasks;

namespace Executor.Cli;

/// <summary>Which code executor of the configuration runs a task.</summary>
internal static class CodeExecutorChoice
{
    /// <summary>The code executor the task names, else the default one of its kind of runner, else this machine's; null: there is none.</summary>
    public static CodeExecutorOptions? Find(ExecutorConfiguration configuration, TaskSpec task) =>
        task.Executor is string name ? configuration.FindCodeExecutor(name) : configuration.DefaultFor(task.Runner ?? RunnerKind.Localhost);

    /// <summary>Adds a fault if no code executor here can run the task.</summary>
    public static void Check(ExecutorConfiguration configuration, TaskSpec task, List<ValidationFault> faults)
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
        else if (kind != RunnerKind.Localhost)
        {
            faults.Add(new("runner", $"{WireName(kind)} is not part of this build; runners here: localhost"));
        }
    }

    private static string WireName(RunnerKind kind) => kind.ToString().ToLowerInvariant();
}
