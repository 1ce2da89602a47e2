using Executor.Tasks;

namespace Executor.Storage;

/// <summary>A task to store.</summary>
/// <param name="Spec">What was asked, valid, with its <see cref="TaskSpec.TaskId"/>.</param>
/// <param name="SubmittedAt">Its age; kept to the millisecond.</param>
public sealed record TaskSubmission(TaskSpec Spec, DateTimeOffset SubmittedAt);
