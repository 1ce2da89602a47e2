namespace Executor.Runners.Agent;

/// <summary>Where the agent's Python source is.</summary>
public static class AgentSource
{
    /// <summary>The folder that holds <c>executor_agent.py</c>, beside the program's assemblies.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "agent");

    /// <summary>What <c>python -c</c> is given: imports the agent from <c>EXECUTOR_AGENT_DIR</c> and runs it.</summary>
    public static string Bootstrap => field ??= File.ReadAllText(Path.Combine(Folder, "bootstrap.py"));

    /// <summary>
    /// What <c>python -c</c> is given where the agent's file is not: it reads the agent's source from standard input (four bytes of length,
    /// big-endian, then <see cref="Bytes"/>) and runs it; the frames follow.
    /// </summary>
    public static string Receiver => field ??= File.ReadAllText(Path.Combine(Folder, "receiver.py"));

    /// <summary>The agent's source.</summary>
    public static byte[] Bytes => field ??= File.ReadAllBytes(Path.Combine(Folder, "executor_agent.py"));
}
