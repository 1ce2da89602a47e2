using Executor.Tasks;

namespace Executor.Configuration.Batches;

/// <summary>One entry of a batch file.</summary>
/// <param name="Line">Line of the file on which it begins, from 1.</param>
/// <param name="Reading">The task, or what is wrong with it.</param>
public sealed record TaskBatchEntry(long Line, TaskReading Reading);
