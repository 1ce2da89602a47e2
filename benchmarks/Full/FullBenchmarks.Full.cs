using Executor.Benchmarks.Cluster;

namespace Executor.Benchmarks;

/// <content>The benchmarks of edition Full.</content>
internal static partial class FullBenchmarks
{
    static partial void AddFull(Dictionary<string, Func<string[], Task<int>>> benchmarks) => benchmarks.Add("cluster", ClusterBenchmark.RunAsync);
}
