using Executor.Runners.Plans;
using Executor.Runners.Workspaces;
using Executor.Runtimes;

namespace Executor.Runners.Interpreters;

/// <summary>The program that a session's interpreter is (<c>session.py</c>).</summary>
internal static class SessionDriver
{
    /// <summary>Its file in the working directory.</summary>
    public static WorkspaceFile Python => new($"{ExecutionPlan.OwnFolder}/session.py", Source);

    private static byte[] Source => field ??= Read();

    /// <summary>Whether there are sessions of a runtime.</summary>
    public static bool Knows(RuntimeDefinition runtime) => runtime.Family == "python";

    private static byte[] Read()
    {
        using Stream resource = typeof(SessionDriver).Assembly.GetManifestResourceStream("Executor.Sessions.session.py")!;
        byte[] content = new byte[resource.Length];
        resource.ReadExactly(content);
        return content;
    }
}
