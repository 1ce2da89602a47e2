namespace Executor.Http.Wire;

/// <summary>The newest jobs.</summary>
/// <param name="Jobs">Newest first.</param>
public sealed record JobList(IReadOnlyList<JobDetail> Jobs);
