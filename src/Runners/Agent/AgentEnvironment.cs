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

    /// <summary>The environment to start an interpreter of this kind with.</summary>
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
