namespace Executor.Workflows;

/// <summary>What follows from the end of a task.</summary>
/// <param name="Released">Tasks that now wait for nobody, in the order in which they were submitted to it: they may be enqueued.</param>
/// <param name="Failed">All its descendants, when it did not complete: nearer ones first.</param>
public sealed record DependencyEffects(IReadOnlyList<string> Released, IReadOnlyList<DependencyFailure> Failed)
{
    /// <summary>Nothing follows.</summary>
    public static DependencyEffects None { get; } = new([], []);
}
