namespace Executor.Runners.Local.Sandbox;

/// <summary>What starts a Node process ahead of its script.</summary>
internal static class NodePrestart
{
    /// <summary>Where the starter is in the sandbox.</summary>
    public const string Path = "/run/executor/prestart.js";

    public static IReadOnlyDictionary<string, string> Files => field ??= new Dictionary<string, string>
    {
        [Path] = File.ReadAllText(System.IO.Path.Combine(Agent.AgentSource.Folder, "prestart.js")),
    };
}
