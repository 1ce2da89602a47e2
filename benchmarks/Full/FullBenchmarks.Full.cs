using Executor.Benchmarks.Docker;
using Executor.Benchmarks.Ssh;

namespace Executor.Benchmarks;

/// <content>The benchmarks of edition Full.</content>
internal static partial class FullBenchmarks
{
    static partial void AddFull(Dictionary<string, Func<Task<int>>> all)
    {
        all["docker"] = DockerBenchmark.RunAsync;
        all["ssh"] = SshBenchmark.RunAsync;
    }
}
