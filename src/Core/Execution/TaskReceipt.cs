using Executor.Storage;
using Executor.Tasks;

namespace Executor.Execution;

/// <summary>What came of submitting a task.</summary>
/// <param name="TaskId">Its id: the caller's, or the one chosen for it.</param>
/// <param name="Status">Where the task of that id is now.</param>
/// <param name="Outcome">
/// Whether it is stored now, was already (the same task: nothing is lost by submitting again), or is refused since another task has
/// the id.
/// </param>
public sealed record TaskReceipt(string TaskId, ExecutionStatus Status, SubmitStatus Outcome);
