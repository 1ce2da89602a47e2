using Executor.Runners.Ssh.Options;

namespace Executor.Testing;

/// <summary>How to log in to a server of the tests.</summary>
internal static class SshServerOptions
{
    /// <summary>A code executor that logs in to it as whoever runs the tests.</summary>
    public static SshCodeExecutorOptions Options(this SshServer server, string name = "throwaway") => new()
    {
        Name = name,
        Host = "127.0.0.1",
        Port = server.Port,
        Username = Environment.UserName,
        PrivateKey = server.UserKey,
        KnownHostsFile = server.KnownHosts,
        WorkDir = Path.Combine(server.Folder, "work"),
    };
}
