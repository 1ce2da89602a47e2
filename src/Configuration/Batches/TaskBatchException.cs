namespace Executor.Configuration.Batches;

/// <summary>A batch file that can't be read as a whole: not there, empty, or not a list of tasks. The message names file and line.</summary>
public sealed class TaskBatchException(string message, Exception? inner = null) : Exception(message, inner);
