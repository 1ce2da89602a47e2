using Executor.Runners.Workspaces;
using Executor.Runtimes;
using Executor.Tasks;

namespace Executor.Runners.Plans;

/// <summary>The environment of a task's processes: a minimal one, the runtime's, then the task's own. Nothing is inherited.</summary>
internal static class PlannedEnvironment
{
    private static readonly string SystemPath = BaseEnvironment.Variables["PATH"];

    public static IReadOnlyDictionary<string, string> Of(TaskSpec task, RuntimeDefinition? runtime, string? interpreter, CommandTemplate? template)
    {
        var env = new Dictionary<string, string>(BaseEnvironment.Variables) { ["PATH"] = PathWith(interpreter) };
        foreach ((string name, string value) in runtime?.Env ?? new Dictionary<string, string>())
        {
            env[name] = template!.Fill(value);
        }

        foreach ((string name, string value) in OfTask(task))
        {
            env[name] = value;
        }

        return env;
    }

    /// <summary>What the task itself sets, weakest first.</summary>
    public static IEnumerable<KeyValuePair<string, string>> OfTask(TaskSpec task) =>
        (task.RuntimeEnv?.EnvVars ?? new Dictionary<string, string>()).Concat(task.Env ?? new Dictionary<string, string>());

    /// <summary>A toolchain of its own comes first, so that what the program starts by name (<c>python3</c>, <c>npm</c>) is of the same one.</summary>
    private static string PathWith(string? interpreter)
    {
        string? bin = Path.GetDirectoryName(interpreter);
        return string.IsNullOrEmpty(bin) || !Path.IsPathRooted(bin) || SystemPath.Split(':').Contains(bin) ? SystemPath : $"{bin}:{SystemPath}";
    }
}
