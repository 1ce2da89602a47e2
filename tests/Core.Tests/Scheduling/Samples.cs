using Executor.Tasks;

namespace Executor.Scheduling;

/// <summary>Short words for the tests' tasks, executors and times.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static DateTimeOffset At(double seconds) => Start.AddSeconds(seconds);

    public static QueuedTask Task(string id, int priority = 0, double submitted = 0, TaskRequirements? needs = null) => new()
    {
        TaskId = id,
        Attempt = 1,
        Priority = priority,
        SubmittedAt = At(submitted),
        Requirements = needs,
    };

    public static TaskRequirements Cpus(double cpus, int memoryMb = 0, int gpus = 0) => new()
    {
        Resources = new ResourceAmounts(1, ResourceAmounts.Millis(cpus), memoryMb, gpus),
    };

    public static TaskRequirements Needs(params string[] capabilities) => new() { Capabilities = NameSet.Of(capabilities) };

    public static ExecutorOffer Slots(int maxTasks) => new() { MaxTasks = maxTasks };

    public static void Enqueue(this SchedulingQueue queue, params QueuedTask[] tasks)
    {
        foreach (QueuedTask task in tasks)
        {
            Assert.Equal(EnqueueResult.Queued, queue.Enqueue(task));
        }
    }

    public static Registration Register(this SchedulingQueue queue, string id, ExecutorOffer offer) =>
        queue.Register(id, offer, [], Start);

    /// <summary>What was given to whom, as "task@executor", in order.</summary>
    public static IReadOnlyList<string> AssignAt(this SchedulingQueue queue, double seconds = 0, int max = int.MaxValue) =>
        [.. queue.Assign(At(seconds), max).Select(it => $"{it.Task.TaskId}@{it.ExecutorId}")];

    public static void Finish(this SchedulingQueue queue, string executorId, string taskId) =>
        Assert.Equal(ReleaseResult.Released, queue.Release(executorId, new TaskAttempt(taskId, 1)));

    public static ExecutionStatus StatusAfter(this TaskTransition transition) => transition.After.Status;
}
