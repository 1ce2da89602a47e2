namespace Executor.Http.Wire;

/// <summary>The registered executors.</summary>
/// <param name="Executors">In the order in which they came.</param>
public sealed record ExecutorList(IReadOnlyList<ExecutorDetail> Executors);
