using System.Runtime.InteropServices;
using Executor.Workflows;

namespace Executor.Engine.Board;

/// <summary>
/// The tasks on their way into the store. What happens to one meanwhile (a parent fails; the same task, submitted twice, has run and
/// ended) is kept here until the store has answered.
/// </summary>
internal sealed class SubmissionsInFlight
{
    private readonly Dictionary<string, InFlight> _tasks = [];

    /// <summary>Tasks on their way; one that is submitted twice counts twice.</summary>
    public int Count { get; private set; }

    public void Add(Submission submission)
    {
        Count += submission.Tasks.Count;
        foreach (Storage.TaskSubmission task in submission.Tasks)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_tasks, task.Spec.TaskId!, out _).Submissions++;
        }
    }

    /// <summary>Takes a task out: the store has answered.</summary>
    /// <returns>What has happened to it meanwhile.</returns>
    public InFlight Remove(string taskId)
    {
        Count--;
        ref InFlight found = ref CollectionsMarshal.GetValueRefOrNullRef(_tasks, taskId);
        InFlight before = found;
        if (--found.Submissions == 0)
        {
            _tasks.Remove(taskId);
        }

        return before;
    }

    /// <summary>A task can't run, since a parent ended without success. One that is not on its way is passed over.</summary>
    public void Fail(DependencyFailure failure)
    {
        ref InFlight found = ref CollectionsMarshal.GetValueRefOrNullRef(_tasks, failure.TaskId);
        if (!System.Runtime.CompilerServices.Unsafe.IsNullRef(ref found))
        {
            found.Failure ??= failure;
        }
    }

    /// <summary>A task has ended: whoever submitted it, too, must not have it run again.</summary>
    public void End(string taskId)
    {
        ref InFlight found = ref CollectionsMarshal.GetValueRefOrNullRef(_tasks, taskId);
        if (!System.Runtime.CompilerServices.Unsafe.IsNullRef(ref found))
        {
            found.HasEnded = true;
        }
    }

    /// <summary>What has happened to a task on its way.</summary>
    internal struct InFlight
    {
        /// <summary>How many submissions bring it.</summary>
        public int Submissions;

        /// <summary>Whether it was taken by another submission and has ended.</summary>
        public bool HasEnded;

        /// <summary>Why it can't run; null: it can.</summary>
        public DependencyFailure? Failure;
    }
}
