using Executor.Executors;

namespace Executor.Runners.Ssh.Options;

/// <summary>Reads an entry of <c>code_executors.ssh</c>.</summary>
internal static class SshOptionsReader
{
    private static readonly IReadOnlyList<(string Word, KnownHostsPolicy Policy)> KnownHostsPolicies =
        [("accept-new", KnownHostsPolicy.AcceptNew), ("strict", KnownHostsPolicy.Strict), ("off", KnownHostsPolicy.Off)];

    public static SshCodeExecutorOptions Read(string name, ICodeExecutorEntry entry)
    {
        SshCodeExecutorOptions defaults = new()
        {
            Name = name,
            Host = entry.RequiredText("host"),
            Username = entry.RequiredText("username"),
        };
        entry.RequireOneOf("password", "private_key");
        return defaults with
        {
            CodeExecutorPath = entry.Text("code_executor_path"),
            Timeout = entry.Seconds("timeout_sec") ?? defaults.Timeout,
            Limits = entry.Limits("limits"),
            Port = entry.Integer("port", 1, 65_535) ?? defaults.Port,
            Password = entry.Secret("password"),
            PrivateKey = entry.FilePath("private_key"),
            Passphrase = entry.Secret("passphrase"),
            KnownHosts = entry.Choice("known_hosts", KnownHostsPolicies, KnownHostsPolicies.Count) ?? defaults.KnownHosts,
            KnownHostsFile = entry.FilePath("known_hosts_file"),
            WorkDir = entry.Text("work_dir"),
            MaxTasks = entry.Integer("max_tasks", 1, 1000) ?? defaults.MaxTasks,
        };
    }
}
