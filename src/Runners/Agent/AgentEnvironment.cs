using Executor.Runners.Probing;
using Executor.Runners.Workspaces;

namespace Executor.Runners.Agent;

/// <summary>What a warm interpreter is started with: agents whose interpreters read the same when they start are interchangeable.</summary>
public static class AgentEnvironment
{
    /// <summary>
    /// The variables of a task's that its interpreter reads when it starts, as <c>NAME=value</c> lines: <see cref="AgentKey.Env"/>. (Whether to
    /// write bytecode it can be told later, and the agent's own is worth keeping.)
    /// </summary>
    public static string StartVariables(IReadOnlyDictionary<string, string> env, string prefix) =>
        string.Join('\n', from variable in env
                          where variable.Key.StartsWith(prefix, StringComparison.Ordinal) && variable.Key != "PYTHONDONTWRITEBYTECODE"
                          orderby variable.Key
                          select $"{variable.Key}={variable.Value}");

    /// <summary>
    /// A home in which nothing can be: an interpreter that is started outside of any sandbox reads none of what others may have left in one
    /// (<c>.local/lib/python3.x/site-packages</c>, <c>.node_modules</c>, …).
    /// </summary>
    public const string NoHome = ToolPlaces.NoHome;

    /// <summary>The environment to start an agent of this kind with. It gives tasks theirs.</summary>
    public static IReadOnlyDictionary<string, string> OfAgent(AgentKey key) =>
        new Dictionary<string, string>(key.Prestart is null ? Of(key) : BaseEnvironment.Variables) { ["HOME"] = NoHome };

    /// <summary>The environment to start an interpreter of this kind with, where tasks run.</summary>
    public static IReadOnlyDictionary<string, string> Of(AgentKey key)
    {
        var env = new Dictionary<string, string>(BaseEnvironment.Variables);
        foreach (string variable in key.Env.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = variable.IndexOf('=', StringComparison.Ordinal);
            env[variable[..equals]] = variable[(equals + 1)..];
        }

        return env;
    }
}
