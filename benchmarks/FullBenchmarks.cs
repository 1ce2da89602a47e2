namespace Executor.Benchmarks;

/// <summary>The benchmarks that only edition Full has.</summary>
internal static partial class FullBenchmarks
{
    /// <summary>By name.</summary>
    public static IReadOnlyDictionary<string, Func<Task<int>>> All => field ??= Create();

    /// <summary>Edition Full adds its benchmarks here (<c>Full/FullBenchmarks.Full.cs</c>); in edition Core the call is to nothing.</summary>
    static partial void AddFull(Dictionary<string, Func<Task<int>>> all);

    private static Dictionary<string, Func<Task<int>>> Create()
    {
        Dictionary<string, Func<Task<int>>> all = [];
        AddFull(all);
        return all;
    }
}
