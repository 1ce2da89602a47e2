using Executor.Storage.Sql.Rows;

namespace Executor.Storage.Sql.Writing;

/// <summary>Changes one task by a rule of <see cref="TaskState"/>.</summary>
/// <param name="taskId">The task.</param>
/// <param name="rule">The rule, given the time.</param>
/// <param name="ended">The result, where the rule ends the task.</param>
internal sealed class ChangeRequest(string taskId, Func<TaskState, DateTimeOffset, TaskState?> rule, EndedTask? ended = null)
    : WriteRequest<WriteOutcome>
{
    public override long Characters { get; } = ended?.Characters ?? 0;

    public override IEnumerable<string> TaskIds => [taskId];

    public override void Apply(WriteBatch batch) => Outcome = batch.Find(taskId) is TaskRow row
        ? row.Become(rule(row.State, batch.Now), ended)
        : WriteOutcome.NotFound;
}
