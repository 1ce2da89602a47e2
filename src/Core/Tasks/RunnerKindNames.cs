namespace Executor.Tasks;

/// <summary>Kinds of runner as texts.</summary>
public static class RunnerKindNames
{
    /// <summary>Every kind by its name on the wire, in order.</summary>
    public static IReadOnlyList<(string Name, RunnerKind Kind)> All { get; } = [.. Enum.GetValues<RunnerKind>().Select(kind => (kind.WireName, kind))];

    extension(RunnerKind kind)
    {
        /// <summary>Its name on the wire: <c>localhost</c>, <c>docker</c>, <c>ssh</c>.</summary>
        public string WireName => kind.ToString().ToLowerInvariant();
    }
}
