namespace Executor.Runners.Agent;

/// <summary>What makes two agents interchangeable. Equal by value.</summary>
/// <param name="Python">Path of the interpreter that runs the agent, and the tasks it forks.</param>
/// <param name="Prestart">Path of a program to start ahead instead of forking Python (Node); else null.</param>
/// <param name="Env">What the interpreter reads when it starts, as <c>NAME=value</c> lines.</param>
/// <param name="Network">Whether its tasks share the host's network.</param>
/// <param name="ReadOnlyPaths">Folders its tasks may read, joined by a colon.</param>
/// <param name="PrestartOptions">Options of <paramref name="Prestart"/>, joined by a space.</param>
/// <param name="Environment">The virtual environment that its tasks are in; else null.</param>
public sealed record AgentKey(string Python, string? Prestart, string Env, bool Network, string ReadOnlyPaths, string? Environment = null, string PrestartOptions = "")
{
    /// <summary>The command that starts <see cref="Prestart"/> ahead; null where there is none.</summary>
    public IReadOnlyList<string>? PrestartCommand => Prestart is null ? null : [Prestart, .. PrestartOptions.Split(' ', StringSplitOptions.RemoveEmptyEntries), NodePrestart.Path];
}
