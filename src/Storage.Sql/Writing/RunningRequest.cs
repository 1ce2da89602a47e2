namespace Executor.Storage.Sql.Writing;

/// <summary>Notes attempts that run.</summary>
internal sealed class RunningRequest(IReadOnlyList<TaskStart> starts) : WriteRequest<bool>
{
    public override int Weight => starts.Count;

    public override IEnumerable<string> TaskIds => starts.Select(start => start.TaskId);

    public override void Apply(WriteBatch batch)
    {
        foreach (TaskStart start in starts)
        {
            if (batch.Find(start.TaskId) is { } row)
            {
                row.Become(row.State.Start(start));
            }
        }
    }
}
