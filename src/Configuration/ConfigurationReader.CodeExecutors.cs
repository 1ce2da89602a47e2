using Executor.Executors;
using Executor.Limits;
using Executor.Text;

namespace Executor.Configuration;

internal static partial class ConfigurationReader
{
    private static readonly IReadOnlyList<(string Word, ImagePullPolicy Policy)> PullPolicies =
        [("missing", ImagePullPolicy.Missing), ("always", ImagePullPolicy.Always), ("never", ImagePullPolicy.Never)];

    private static readonly IReadOnlyList<(string Word, KnownHostsPolicy Policy)> KnownHostsPolicies =
        [("accept-new", KnownHostsPolicy.AcceptNew), ("strict", KnownHostsPolicy.Strict), ("off", KnownHostsPolicy.Off)];

    private static List<CodeExecutorOptions> ReadCodeExecutors(SectionReader section)
    {
        List<CodeExecutorOptions> all = [];
        Add("local", ReadLocal);
        Add("docker", ReadDocker);
        Add("ssh", ReadSsh);
        section.RefuseOthers();
        return all;

        void Add(string kind, Func<string, SectionReader, CodeExecutorOptions> read)
        {
            foreach ((string name, SectionReader entry) in section.Named(kind))
            {
                if (all.FirstOrDefault(other => other.Name == name) is CodeExecutorOptions other)
                {
                    entry.Fault("", $"has the name of a {other.Kind.ToString().ToLowerInvariant()} code executor; tasks choose by name, so give it another");
                }

                all.Add(read(name, entry));
                entry.RefuseOthers();
            }
        }
    }

    private static LocalCodeExecutorOptions ReadLocal(string name, SectionReader section)
    {
        LocalCodeExecutorOptions defaults = LocalCodeExecutorOptions.Default;
        return new LocalCodeExecutorOptions
        {
            Name = name,
            CodeExecutorPath = section.FilePath("code_executor_path"),
            Timeout = section.Seconds("timeout_sec") ?? defaults.Timeout,
            Limits = ReadLimits(section, "limits"),
            WorkDir = section.FilePath("work_dir"),
        };
    }

    private static DockerCodeExecutorOptions ReadDocker(string name, SectionReader section)
    {
        DockerCodeExecutorOptions defaults = new() { Name = name, Image = section.RequiredText("image") };
        return defaults with
        {
            CodeExecutorPath = section.Text("code_executor_path"),
            Timeout = section.Seconds("timeout_sec") ?? defaults.Timeout,
            Limits = ReadDockerLimits(section),
            CpusLimitCores = section.Number("cpus_limit_cores", 1024) ?? defaults.CpusLimitCores,
            Network = section.Text("network"),
            User = section.Text("user"),
            Mounts = ReadMounts(section),
            Gpus = section.IntegerOr("gpus", 0, 64, ("all", -1)) ?? defaults.Gpus,
            PullPolicy = section.Choice("pull_policy", PullPolicies, PullPolicies.Count) ?? defaults.PullPolicy,
            PoolSize = section.Integer("pool_size", 0, 1000) ?? defaults.PoolSize,
        };
    }

    private static TaskLimits ReadDockerLimits(SectionReader section)
    {
        TaskLimits container = new()
        {
            MemoryMb = section.Integer("mem_limit_mb", 1, TaskLimitRanges.Most),
            Pids = section.Integer("pids_limit", 1, TaskLimitRanges.MostPids),
        };
        TaskLimits? limits = ReadLimits(section, "limits");
        if (container.MemoryMb is not null && limits?.MemoryMb is not null)
        {
            section.Fault("mem_limit_mb", "is the same as limits.memory_mb; give one of them");
        }

        if (container.Pids is not null && limits?.Pids is not null)
        {
            section.Fault("pids_limit", "is the same as limits.pids; give one of them");
        }

        return container.Or(limits).Or(DockerCodeExecutorOptions.DefaultLimits);
    }

    private static List<DockerMount> ReadMounts(SectionReader section)
    {
        List<DockerMount> mounts = [];
        foreach (string text in section.FilePaths("mounts") ?? [])
        {
            string[] parts = text.Split(':');
            if (parts is [{ Length: > 0 }, ['/', ..]] or [{ Length: > 0 }, ['/', ..], "ro" or "rw"])
            {
                mounts.Add(new DockerMount(parts[0], parts[1], parts is [_, _, "ro"]));
            }
            else
            {
                section.Fault("mounts", $"must have the form SOURCE:/TARGET or SOURCE:/TARGET:ro, was {QuotedText.Of(text)}");
            }
        }

        return mounts;
    }

    private static SshCodeExecutorOptions ReadSsh(string name, SectionReader section)
    {
        SshCodeExecutorOptions defaults = new()
        {
            Name = name,
            Host = section.RequiredText("host"),
            Username = section.RequiredText("username"),
        };
        section.RequireOneOf("password", "private_key");
        return defaults with
        {
            CodeExecutorPath = section.Text("code_executor_path"),
            Timeout = section.Seconds("timeout_sec") ?? defaults.Timeout,
            Limits = ReadLimits(section, "limits"),
            Port = section.Integer("port", 1, 65_535) ?? defaults.Port,
            Password = section.Secret("password"),
            PrivateKey = section.FilePath("private_key"),
            Passphrase = section.Secret("passphrase"),
            KnownHosts = section.Choice("known_hosts", KnownHostsPolicies, KnownHostsPolicies.Count) ?? defaults.KnownHosts,
            KnownHostsFile = section.FilePath("known_hosts_file"),
            WorkDir = section.Text("work_dir"),
            MaxTasks = section.Integer("max_tasks", 1, 1000) ?? defaults.MaxTasks,
        };
    }
}
