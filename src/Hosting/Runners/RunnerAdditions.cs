namespace Executor.Hosting.Runners;

/// <summary>The runners that this edition has besides this machine.</summary>
internal static partial class RunnerAdditions
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<RunnerAddition> All => field ??= Create();

    /// <summary>Edition Full adds its runners here (<c>Full/Runners/RunnerAdditions.Full.cs</c>); in edition Core the call is to nothing.</summary>
    static partial void AddFull(List<RunnerAddition> additions);

    private static List<RunnerAddition> Create()
    {
        List<RunnerAddition> additions = [];
        AddFull(additions);
        return additions;
    }
}
