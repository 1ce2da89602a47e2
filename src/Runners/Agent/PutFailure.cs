namespace Executor.Runners.Agent;

/// <summary>Why a file of a task's could not be written.</summary>
/// <param name="Problem">The file, and what was wrong.</param>
/// <param name="IsExhaustion">Whether the machine had no more of something.</param>
internal sealed record PutFailure(string Problem, bool IsExhaustion);
