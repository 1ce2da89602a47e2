using Executor.Storage.Sql.Rows;

namespace Executor.Storage.Sql.Writing;

/// <summary>Stores tasks.</summary>
internal sealed class SubmitRequest(IReadOnlyList<NewTask> tasks) : WriteRequest<IReadOnlyList<SubmitOutcome>>
{
    public override int Weight => tasks.Count;

    public override long Characters { get; } = tasks.Sum(task => (long)task.Spec.Length);

    public override int NewTasks => tasks.Count;

    public override IEnumerable<string> TaskIds => tasks.Select(task => task.Record.TaskId);

    public override void Apply(WriteBatch batch)
    {
        var outcomes = new SubmitOutcome[tasks.Count];
        for (int i = 0; i < outcomes.Length; i++)
        {
            NewTask task = tasks[i];
            if (batch.Find(task.Record.TaskId) is TaskRow known)
            {
                outcomes[i] = new SubmitOutcome(known.Hash == task.Hash ? SubmitStatus.Existing : SubmitStatus.Conflict, known.State);
            }
            else
            {
                outcomes[i] = new SubmitOutcome(SubmitStatus.Stored, batch.Add(task).State);
            }
        }

        Outcome = outcomes;
    }
}
