namespace Executor.Runners.Workspaces;

/// <summary>The environment every task starts from; nothing of the host's is inherited.</summary>
public static class BaseEnvironment
{
    /// <summary>The variables.</summary>
    public static IReadOnlyDictionary<string, string> Variables { get; } = new Dictionary<string, string>
    {
        ["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        ["HOME"] = "/tmp",
        ["TMPDIR"] = "/tmp",
        ["LANG"] = "C.UTF-8",
    };
}
