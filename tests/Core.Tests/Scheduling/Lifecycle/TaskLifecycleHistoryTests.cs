using Executor.Tasks;
using static Executor.Scheduling.Samples;

namespace Executor.Scheduling;

/// <summary>Random histories of one task, with executors that come back late, report twice and speak for attempts they lost.</summary>
public sealed class TaskLifecycleHistoryTests
{
    [Fact]
    public void Random_history_keeps_the_fence_and_the_caps()
    {
        int completed = 0;
        for (int seed = 0; seed < 2000; seed++)
        {
            completed += Play(new Random(seed)) == ExecutionStatus.Completed ? 1 : 0;
        }

        Assert.InRange(completed, 100, 1900);
    }

    private static ExecutionStatus Play(Random random)
    {
        RetryRules rules = new()
        {
            Policy = new RetryPolicy { MaxAttempts = random.Next(1, 4), Backoff = TimeSpan.FromSeconds(random.Next(3)) },
            MaxInfrastructureRetries = random.Next(3),
            MaxLossRetries = random.Next(3),
        };
        TaskLifecycle task = TaskLifecycle.Submitted;
        Dictionary<int, string> holders = [];
        int endings = 0;
        double clock = 0;
        for (int step = 0; step < 60; step++)
        {
            clock += random.NextDouble() * 4;
            string executor = $"e{random.Next(3)}";
            int attempt = random.Next(1, task.Attempt + 2);
            TaskTransition transition = random.Next(24) switch
            {
                < 10 => task.Start(executor, At(clock)),
                < 18 => task.Report(executor, attempt, (AttemptOutcome)random.Next(4), rules, At(clock), random.NextDouble()),
                < 23 => task.Lose(attempt, (LossReason)random.Next(2), rules, At(clock), 0),
                _ => task.Cancel(),
            };
            Check(task, transition, executor, holders);
            endings += transition is TaskEnded ? 1 : 0;
            task = transition.After;
        }

        Assert.Equal(task.Status.IsFinal() ? 1 : 0, endings);
        Assert.InRange(task.Attempt, 1, rules.Policy.MaxAttempts + rules.MaxInfrastructureRetries + rules.MaxLossRetries);
        return task.Status;
    }

    private static void Check(TaskLifecycle before, TaskTransition transition, string executor, Dictionary<int, string> holders)
    {
        TaskLifecycle after = transition.After;
        Assert.True(before.Status == after.Status || before.Status.CanBecome(after.Status));
        switch (transition)
        {
            case TransitionRefused:
                Assert.Same(before, after);
                break;
            case TaskStarted:
                Assert.True(holders.TryAdd(after.Attempt, executor), "an attempt was handed out twice");
                break;
            case TaskRequeued:
                Assert.Equal(before.Attempt + 1, after.Attempt);
                Assert.Null(after.ExecutorId);
                break;
            case TaskEnded when after.Status == ExecutionStatus.Completed:
                Assert.Equal(holders[after.Attempt], executor);
                break;
            default:
                Assert.Equal(before.Attempt, after.Attempt);
                break;
        }
    }
}
