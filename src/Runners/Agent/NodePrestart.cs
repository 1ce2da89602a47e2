namespace Executor.Runners.Agent;

/// <summary>What starts a Node process ahead of its script.</summary>
public static class NodePrestart
{
    /// <summary>Where the starter is in the sandbox.</summary>
    public const string Path = "/run/executor/prestart.js";

    /// <summary>The starter, for <see cref="AgentOptions.ExtraFiles"/>.</summary>
    public static IReadOnlyDictionary<string, string> Files => field ??= new Dictionary<string, string>
    {
        [Path] = File.ReadAllText(System.IO.Path.Combine(AgentSource.Folder, "prestart.js")),
    };
}
