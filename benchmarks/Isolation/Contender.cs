namespace Executor.Benchmarks.Isolation;

/// <summary>A way to run the same small Python program; the task completes when its output has been checked.</summary>
internal sealed record Contender(string Name, Func<Task> RunOnceAsync);
