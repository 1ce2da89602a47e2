namespace Executor.Scheduling;

/// <summary>
/// What was promised to whom, kept from the queue's answers alone: fails the test when more is promised than there is, or the
/// same thing twice.
/// </summary>
internal sealed class HoldingsLedger
{
    private readonly Dictionary<string, ExecutorOffer> _offers = [];
    private readonly Dictionary<TaskAttempt, Assignment> _held = [];
    private readonly HashSet<TaskAttempt> _everGiven = [];

    public void Registered(string executorId, ExecutorOffer offer)
    {
        _offers[executorId] = offer;
        AssertWithin(executorId);
    }

    public void Unregistered(string executorId)
    {
        _offers.Remove(executorId);
        Assert.Empty(HeldBy(executorId));
    }

    public void Assigned(Assignment assignment)
    {
        Assert.True(_everGiven.Add(assignment.Task), $"{assignment.Task} was given twice");
        _held.Add(assignment.Task, assignment);
        AssertWithin(assignment.ExecutorId);
    }

    public void Lost(IEnumerable<TaskAttempt> tasks)
    {
        foreach (TaskAttempt task in tasks)
        {
            Assert.True(_held.Remove(task), $"{task} was lost, but nobody held it");
        }
    }

    public bool IsHeld(string executorId, TaskAttempt task) =>
        _held.TryGetValue(task, out Assignment? assignment) && assignment.ExecutorId == executorId;

    public IReadOnlyList<TaskAttempt> HeldBy(string executorId) =>
        [.. _held.Values.Where(it => it.ExecutorId == executorId).Select(it => it.Task).OrderBy(it => it.TaskId, StringComparer.Ordinal)];

    private void AssertWithin(string executorId)
    {
        ExecutorOffer offer = _offers[executorId];
        List<Assignment> held = [.. _held.Values.Where(it => it.ExecutorId == executorId)];
        Assert.True(held.Count <= offer.MaxTasks, $"{executorId} holds more than max_tasks");
        List<int> devices = [.. held.SelectMany(it => it.GpuDevices)];
        Assert.Equal(devices.Count, devices.Distinct().Count());
        Assert.Subset(offer.GpuDevices.ToHashSet(), devices.ToHashSet());
    }
}
