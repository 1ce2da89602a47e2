using Executor.Executors;
using Executor.Limits;
using Executor.Text;

namespace Executor.Runners.Docker.Options;

/// <summary>Reads an entry of <c>code_executors.docker</c>.</summary>
internal static class DockerOptionsReader
{
    private static readonly IReadOnlyList<(string Word, ImagePullPolicy Policy)> PullPolicies =
        [("missing", ImagePullPolicy.Missing), ("always", ImagePullPolicy.Always), ("never", ImagePullPolicy.Never)];

    public static DockerCodeExecutorOptions Read(string name, ICodeExecutorEntry entry)
    {
        DockerCodeExecutorOptions defaults = new() { Name = name, Image = entry.RequiredText("image") };
        return defaults with
        {
            CodeExecutorPath = entry.Text("code_executor_path"),
            Timeout = entry.Seconds("timeout_sec") ?? defaults.Timeout,
            Limits = ReadLimits(entry),
            CpusLimitCores = entry.Number("cpus_limit_cores", 1024) ?? defaults.CpusLimitCores,
            Network = entry.Text("network"),
            User = entry.Text("user"),
            Mounts = ReadMounts(entry),
            Gpus = entry.IntegerOr("gpus", 0, 64, ("all", -1)) ?? defaults.Gpus,
            PullPolicy = entry.Choice("pull_policy", PullPolicies, PullPolicies.Count) ?? defaults.PullPolicy,
            PoolSize = entry.Integer("pool_size", 0, 1000) ?? defaults.PoolSize,
        };
    }

    private static TaskLimits ReadLimits(ICodeExecutorEntry entry)
    {
        TaskLimits container = new()
        {
            MemoryMb = entry.Integer("mem_limit_mb", 1, TaskLimitRanges.Most),
            Pids = entry.Integer("pids_limit", 1, TaskLimitRanges.MostPids),
        };
        TaskLimits? limits = entry.Limits("limits");
        if (container.MemoryMb is not null && limits?.MemoryMb is not null)
        {
            entry.Fault("mem_limit_mb", "is the same as limits.memory_mb; give one of them");
        }

        if (container.Pids is not null && limits?.Pids is not null)
        {
            entry.Fault("pids_limit", "is the same as limits.pids; give one of them");
        }

        return container.Or(limits).Or(DockerCodeExecutorOptions.DefaultLimits);
    }

    private static List<DockerMount> ReadMounts(ICodeExecutorEntry entry)
    {
        List<DockerMount> mounts = [];
        foreach (string text in entry.FilePaths("mounts") ?? [])
        {
            string[] parts = text.Split(':');
            if (parts is [{ Length: > 0 }, ['/', ..]] or [{ Length: > 0 }, ['/', ..], "ro" or "rw"])
            {
                mounts.Add(new DockerMount(parts[0], parts[1], parts is [_, _, "ro"]));
            }
            else
            {
                entry.Fault("mounts", $"must have the form SOURCE:/TARGET or SOURCE:/TARGET:ro, was {QuotedText.Of(text)}");
            }
        }

        return mounts;
    }
}
