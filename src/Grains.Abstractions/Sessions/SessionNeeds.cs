using Executor.Sessions;
using Orleans.Runtime;

namespace Executor.Grains.Sessions;

/// <summary>What a session needs of the silo that holds it. Goes with the calls by which it is placed.</summary>
/// <param name="Runner">The kind of runner; null: any.</param>
/// <param name="CodeExecutor">The named code executor; null: any.</param>
[GenerateSerializer, Immutable, Alias("executor.needs")]
public sealed record SessionNeeds([property: Id(0)] string? Runner, [property: Id(1)] string? CodeExecutor)
{
    private const string RunnerKey = "executor.session.runner";
    private const string CodeExecutorKey = "executor.session.code_executor";
    private const string RefusedKey = "executor.session.refused";

    /// <summary>What a spec needs.</summary>
    public static SessionNeeds Of(SessionSpec spec) => new(spec.Runner?.ToString().ToLowerInvariant(), spec.Executor);

    /// <summary>Lets the next calls from here know.</summary>
    /// <param name="refused">The silos that have refused already.</param>
    public void Attach(IEnumerable<string> refused)
    {
        RequestContext.Set(RunnerKey, Runner ?? "");
        RequestContext.Set(CodeExecutorKey, CodeExecutor ?? "");
        RequestContext.Set(RefusedKey, string.Join(' ', refused));
    }

    /// <summary>What came with a call, and the silos that have refused.</summary>
    public static (SessionNeeds Needs, IReadOnlyList<string> Refused) From(IReadOnlyDictionary<string, object>? call)
    {
        return (new SessionNeeds(Text(RunnerKey), Text(CodeExecutorKey)), SilosIn(Text(RefusedKey)));

        string? Text(string key) => call?.GetValueOrDefault(key) is string { Length: > 0 } text ? text : null;
    }

    /// <summary>The silos that have refused, as the call that is being served says.</summary>
    public static IReadOnlyList<string> Refused() => SilosIn(RequestContext.Get(RefusedKey) as string);

    private static string[] SilosIn(string? text) => text?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
}
