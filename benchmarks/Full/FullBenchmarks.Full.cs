using Executor.Benchmarks.Cluster;
using Executor.Benchmarks.Docker;
using Executor.Benchmarks.Ssh;

namespace Executor.Benchmarks;

/// <content>The benchmarks of edition Full.</content>
internal static partial class FullBenchmarks
{
    static partial void AddFull(Dictionary<string, Func<string[], Task<int>>> benchmarks)
    {
        benchmarks.Add("cluster", ClusterBenchmark.RunAsync);
        benchmarks.Add("docker", _ => DockerBenchmark.RunAsync());
        benchmarks.Add("ssh", _ => SshBenchmark.RunAsync());
    }
}
