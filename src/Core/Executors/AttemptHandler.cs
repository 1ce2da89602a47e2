using Executor.Tasks;

namespace Executor.Executors;

/// <summary>Runs an attempt to its end. Cancelling gives a CANCELLED result; nothing is thrown for what the task does.</summary>
/// <param name="assignment">What to run.</param>
/// <param name="live">Receives its output as it comes.</param>
/// <param name="cancellationToken">Cancels it.</param>
public delegate Task<TaskResult> AttemptHandler(TaskAssignment assignment, OutputReceiver live, CancellationToken cancellationToken);
