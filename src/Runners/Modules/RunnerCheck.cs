namespace Executor.Runners.Modules;

/// <summary>Something to look at for <c>doctor</c>.</summary>
/// <param name="Name">What it is: the finding's <see cref="Finding.Name"/>.</param>
/// <param name="RunAsync">
/// Looks at it. A <see cref="Executor.Tasks.RunnerException"/> says that tasks can't run there, which is a warning: other code executors may do.
/// </param>
public sealed record RunnerCheck(string Name, Func<CancellationToken, Task<Finding>> RunAsync);
