using Executor.Tasks;

namespace Executor.Engine;

/// <summary>Says everything that is wrong with submitted tasks, and gives ids to those that have none.</summary>
internal static class SubmissionCheck
{
    /// <summary>The tasks, each with its id.</summary>
    /// <exception cref="InvalidTaskException">At least one can't be accepted.</exception>
    public static IReadOnlyList<TaskSpec> Accept(IReadOnlyList<TaskSpec> tasks, Func<TaskSpec, IReadOnlyList<ValidationFault>>? admit)
    {
        List<ValidationFault> faults = [];
        HashSet<string> ids = [];
        TaskSpec[] accepted = new TaskSpec[tasks.Count];
        for (int i = 0; i < tasks.Count; i++)
        {
            IReadOnlyList<ValidationFault> found = TaskSpecValidator.Validate(tasks[i]);
            if (found.Count == 0)
            {
                found = admit?.Invoke(tasks[i]) ?? [];
            }

            if (tasks[i].TaskId is string id && !ids.Add(id))
            {
                found = [.. found, TaskSpecValidator.IdGivenTwice(id)];
            }

            string place = tasks.Count == 1 ? "" : $"tasks[{i}].";
            faults.AddRange(found.Select(fault => fault with { Field = place + fault.Field }));
            accepted[i] = tasks[i].TaskId is null ? tasks[i] with { TaskId = Guid.CreateVersion7().ToString() } : tasks[i];
        }

        return faults.Count == 0 ? accepted : throw new InvalidTaskException(faults);
    }
}
