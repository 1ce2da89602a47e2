using Executor.Execution;
using Executor.Scheduling;
using Executor.Storage;
using Executor.Tasks;
using Executor.Workflows;

namespace Executor.Engine.Board;

/// <summary>How tasks come onto the board: submitted, linked to their parents, stored.</summary>
internal sealed class SubmitEvents(TaskFlow flow, BoardOptions options)
{
    /// <summary>Tasks are to be stored: then <see cref="Stored"/> or <see cref="StoreFailed"/> is to be told. Those with parents are to be linked before.</summary>
    /// <exception cref="QueueFullException">Too many wait already.</exception>
    public Submission Submit(IReadOnlyList<TaskSubmission> tasks, string? traceParent)
    {
        if (flow.Tasks.WaitingCount + flow.InFlight.Count + tasks.Count > options.MaxWaiting)
        {
            throw new QueueFullException(flow.Tasks.WaitingCount, options.MaxWaiting, TimeSpan.FromSeconds(1));
        }

        Submission submission = new(tasks, traceParent);
        flow.InFlight.Add(submission);
        return submission;
    }

    /// <summary>
    /// Joins a submission's tasks to those they depend on. One submission at a time, until it is stored: what one was checked against must still
    /// hold then.
    /// </summary>
    /// <param name="submission">The tasks.</param>
    /// <param name="stored">Those of them that the store has already.</param>
    /// <param name="looked">How the tasks ended that an earlier call has asked for, as the store says; null: it has no result.</param>
    /// <returns>Tasks whose results are to be looked up for another call; none: it is done.</returns>
    /// <exception cref="InvalidTaskException">A parent does not exist, or there is a cycle.</exception>
    public IReadOnlyList<string> Link(Submission submission, IReadOnlySet<string> stored, IReadOnlyDictionary<string, ExecutionStatus?> looked)
    {
        // A stored task that is not here has ended, or it was stored by a submit whose answer was lost.
        string[] missing =
            [.. submission.Tasks.Select(task => task.Spec.TaskId!).Where(id => stored.Contains(id) && !flow.Tasks.Contains(id) && !looked.ContainsKey(id))];
        if (missing.Length > 0)
        {
            return missing;
        }

        DependentTask[] added =
        [
            .. submission.Tasks.Where(task => !flow.Tasks.Contains(task.Spec.TaskId!) && looked.GetValueOrDefault(task.Spec.TaskId!) is null)
                .Select(task => new DependentTask(task.Spec.TaskId!, task.Spec.DependsOn ?? [])),
        ];
        IReadOnlyList<string> parents = flow.Graph.UnknownParents(added);
        missing = [.. parents.Where(id => !flow.Tasks.Contains(id) && !looked.ContainsKey(id))];
        if (missing.Length > 0)
        {
            return missing;
        }

        Dictionary<string, ExecutionStatus> known = [];
        foreach (string id in parents)
        {
            // One that is here has not ended, and its end will be told to the graph.
            if (flow.Tasks.Contains(id))
            {
                known[id] = ExecutionStatus.Pending;
            }
            else if (looked[id] is ExecutionStatus status)
            {
                known[id] = status;
            }
        }

        DependencySubmission linked = flow.Graph.Submit(added, known);
        DependenciesAccepted accepted =
            linked as DependenciesAccepted ?? throw Refusal((DependenciesRefused)linked, submission);
        submission.Linked = [.. added.Select(task => task.TaskId)];
        foreach (DependencyFailure failure in accepted.Failed)
        {
            flow.InFlight.Fail(failure);
        }

        return [];
    }

    /// <summary>The store has answered: tasks that it took now are to run.</summary>
    /// <param name="submission">The tasks.</param>
    /// <param name="outcomes">An outcome for each, in their order.</param>
    /// <param name="now">The time.</param>
    /// <returns>How many were taken.</returns>
    public int Stored(Submission submission, IReadOnlyList<SubmitOutcome> outcomes, DateTimeOffset now)
    {
        int taken = 0;
        for (int i = 0; i < outcomes.Count; i++)
        {
            TaskSubmission submitted = submission.Tasks[i];
            string id = submitted.Spec.TaskId!;
            SubmissionsInFlight.InFlight meanwhile = flow.InFlight.Remove(id);
            if (flow.Tasks.Contains(id))
            {
                continue;
            }

            if (IsToBeTaken(outcomes[i]) && !meanwhile.HasEnded)
            {
                taken++;
                Take(submission, submitted, outcomes[i].State, meanwhile.Failure, now);
            }
            else if (submission.Linked?.Contains(id) == true)
            {
                ExecutionStatus status = outcomes[i].State.Status;
                flow.EndInGraph(id, status.IsFinal() ? status : ExecutionStatus.Cancelled, now);
            }
        }

        flow.Assign(now);
        return taken;
    }

    /// <summary>The tasks could not be stored, or were refused before: nothing of them is known any more.</summary>
    public void StoreFailed(Submission submission)
    {
        foreach (string id in submission.Tasks.Select(task => task.Spec.TaskId!))
        {
            flow.InFlight.Remove(id);
        }

        Unlink(submission);
    }

    /// <summary>
    /// Takes a submission's tasks out of the graph again: they are not stored. To be called before another submission is joined to the graph, or that
    /// one would be joined to tasks that never come.
    /// </summary>
    public void Unlink(Submission submission)
    {
        if (submission.Linked is HashSet<string> linked)
        {
            flow.Graph.Withdraw(linked);
            submission.Linked = null;
        }
    }

    /// <summary>
    /// What is stored now, and what was stored by a submit whose answer was lost on the way from the database: nobody else will take it.
    /// </summary>
    private static bool IsToBeTaken(SubmitOutcome outcome) =>
        outcome.Status == SubmitStatus.Stored
        || (outcome.Status == SubmitStatus.Existing && outcome.State.Status == ExecutionStatus.Pending);

    private static InvalidTaskException Refusal(DependenciesRefused refused, Submission submission)
    {
        Dictionary<string, int> places = submission.Tasks.Select((task, place) => (task.Spec.TaskId!, place)).ToDictionary();
        return new InvalidTaskException([.. refused.Faults.Select(fault => fault.At(places.Count == 1 ? null : places[fault.TaskId]))]);
    }

    private void Take(Submission submission, TaskSubmission submitted, TaskState stored, DependencyFailure? failure, DateTimeOffset now)
    {
        BoardTask task = new(TaskRecord.Of(submitted), stored, TaskRequirements.Of(submitted.Spec))
        {
            TraceParent = submission.TraceParent,
            WantsCache = submitted.Spec.Cache is not null,
        };
        flow.Tasks.Add(task, submitted.Spec);
        if (failure is DependencyFailure failed)
        {
            flow.FailWaiting(task, failed, now);
        }
        else
        {
            flow.Place(task);
        }
    }
}
