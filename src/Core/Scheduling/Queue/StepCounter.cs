namespace Executor.Scheduling;

/// <summary>
/// Counts the elements that the queue's structures visit: a measure of work that is the same on every machine, by which the
/// claim that work doesn't grow with the number of waiting tasks is tested.
/// </summary>
internal sealed class StepCounter
{
    public long Steps { get; private set; }

    public void Step() => Steps++;
}
