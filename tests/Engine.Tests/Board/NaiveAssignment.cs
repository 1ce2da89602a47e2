using Executor.Scheduling;

namespace Executor.Engine.Board;

/// <summary>Who is given what, of a <see cref="NaiveBoard"/>.</summary>
/// <param name="tasks">The tasks.</param>
/// <param name="executors">The executors.</param>
/// <param name="priorityAging">How long a task has waited for each priority that it gains.</param>
/// <param name="effects">What is to be done for it is added here.</param>
internal sealed class NaiveAssignment(NaiveTaskList tasks, NaiveExecutors executors, TimeSpan priorityAging, List<string> effects)
{
    /// <summary>Gives tasks to executors until nobody has room for a task that may run.</summary>
    public void Assign(DateTimeOffset now)
    {
        tasks.Expire(now);
        while (First(task => executors.BestFor(task.Spec) is not null, now) is NaiveTask task)
        {
            string executor = executors.BestFor(task.Spec)!;
            if (task.Avoid != executor)
            {
                Give(task, executor, now);
            }
            else if (executors.BestFor(task.Spec, except: executor) is string other)
            {
                Give(task, other, now);
            }
            else
            {
                GiveOrSetAside(task, executor, now);
            }
        }

        foreach (string executor in executors.ToProbe(IsWith))
        {
            while (First(task => executors.CouldTake(executor, task.Spec), now) is NaiveTask task)
            {
                if (task.Avoid != executor ? Give(task, executor, now) : GiveOrSetAside(task, executor, now))
                {
                    executors.SetProbe(executor, task.Current);
                    break;
                }
            }
        }
    }

    private bool IsWith(TaskAttempt attempt, string executor) => tasks.Exists(task => task.Current == attempt && task.Executor == executor);

    private NaiveTask? First(Func<NaiveTask, bool> isFit, DateTimeOffset now) => tasks
        .Where(task => task.Phase == TaskPhase.Queued && !(task.NotBefore > now) && !(task.AsideUntil > now))
        .OrderBy(task => task.SubmittedAt - (priorityAging * task.Spec.Priority)).ThenBy(task => task.Sequence)
        .FirstOrDefault(isFit);

    /// <summary>Gives a task to the executor that failed it only if no other could take it.</summary>
    /// <returns>Whether it was given.</returns>
    private bool GiveOrSetAside(NaiveTask task, string executor, DateTimeOffset now)
    {
        if (!executors.OthersCouldTake(task.Spec, executor))
        {
            return Give(task, executor, now);
        }

        task.AsideUntil = now + TimeSpan.FromSeconds(1);
        return false;
    }

    private bool Give(NaiveTask task, string executor, DateTimeOffset now)
    {
        executors.Give(task, executor, now);
        (task.Executor, task.IsCounted, task.NotBefore, task.AsideUntil) = (executor, false, null, null);
        task.Phase = task.HasSpec ? TaskPhase.Running : TaskPhase.Loading;
        effects.Add($"{(task.HasSpec ? "run" : "read for")} {task.Current} on {executor}");
        return true;
    }
}
