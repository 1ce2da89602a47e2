using System.CommandLine;

namespace Executor.Cli.Runners;

/// <summary>The runners that this edition has besides this machine.</summary>
internal static partial class RunnerAdditions
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<RunnerAddition> All => field ??= Create();

    /// <summary>The names of the commands they bring.</summary>
    public static IEnumerable<string> CommandNames => All.SelectMany(addition => addition.Commands.Keys);

    /// <summary>A command that one of them brings; null: none does.</summary>
    public static Command? CreateCommand(string name) =>
        All.Select(addition => addition.Commands.GetValueOrDefault(name)).FirstOrDefault(create => create is not null)?.Invoke();

    /// <summary>Edition Full adds its runners here (<c>Full/RunnerAdditions.Full.cs</c>); in edition Core the call is to nothing.</summary>
    static partial void AddFull(List<RunnerAddition> additions);

    private static List<RunnerAddition> Create()
    {
        List<RunnerAddition> additions = [];
        AddFull(additions);
        return additions;
    }
}
