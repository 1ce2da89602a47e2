namespace Executor.Benchmarks;

/// <summary>The benchmarks that only edition Full has.</summary>
internal static partial class FullBenchmarks
{
    /// <summary>All of them, by name.</summary>
    public static IReadOnlyDictionary<string, Func<string[], Task<int>>> All => field ??= Create();

    /// <summary>Edition Full adds them here (<c>Full/</c>); in edition Core the call is to nothing.</summary>
    static partial void AddFull(Dictionary<string, Func<string[], Task<int>>> benchmarks);

    private static Dictionary<string, Func<string[], Task<int>>> Create()
    {
        Dictionary<string, Func<string[], Task<int>>> benchmarks = [];
        AddFull(benchmarks);
        return benchmarks;
    }
}
