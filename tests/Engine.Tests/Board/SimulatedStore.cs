using Executor.Storage;
using Executor.Tasks;

namespace Executor.Engine.Board;

/// <summary>What a store keeps, by the rules that every store applies (<see cref="TaskState"/>).</summary>
internal sealed class SimulatedStore
{
    private readonly Dictionary<string, (TaskSubmission Submission, TaskState State)> _tasks = [];

    /// <summary>How often the end of a task was recorded, by id.</summary>
    public Dictionary<string, int> Ends { get; } = [];

    public IEnumerable<string> Ids => _tasks.Keys;

    /// <summary>Executors that are noted as registered.</summary>
    public HashSet<string> Executors { get; } = [];

    public TaskState? StateOf(string id) => _tasks.TryGetValue(id, out var task) ? task.State : null;

    public TaskSpec? SpecOf(string id) => _tasks.TryGetValue(id, out var task) ? task.Submission.Spec : null;

    /// <summary>How a task ended; null: it has not, or is not there.</summary>
    public ExecutionStatus? EndOf(string id) => StateOf(id) is { Status: ExecutionStatus.Completed or ExecutionStatus.Failed or ExecutionStatus.Cancelled } state
        ? state.Status
        : null;

    /// <summary>Tasks that have not ended, in the order in which a store gives them.</summary>
    public IReadOnlyList<(TaskSubmission Submission, TaskState State)> Open =>
    [
        .. _tasks.Values.Where(task => !task.State.Status.IsFinal())
            .OrderByDescending(task => task.Submission.Spec.Priority).ThenBy(task => task.Submission.SubmittedAt).ThenBy(task => task.Submission.Spec.TaskId, StringComparer.Ordinal),
    ];

    public SubmitOutcome Submit(TaskSubmission submission)
    {
        if (!_tasks.TryGetValue(submission.Spec.TaskId!, out var found))
        {
            found = (submission, TaskState.Submitted(submission.Spec));
            _tasks.Add(submission.Spec.TaskId!, found);
            return new SubmitOutcome(SubmitStatus.Stored, found.State);
        }

        return new SubmitOutcome(found.Submission.Spec == submission.Spec ? SubmitStatus.Existing : SubmitStatus.Conflict, found.State);
    }

    public void Note(RunAttempt run) => Change(
        run.Task.TaskId, state => state.Start(new TaskStart(run.Task.TaskId, run.Attempt, run.Executor.Id, run.StartedAt)));

    public void NoteCancel(string id) => Change(id, state => state.RequestCancel());

    /// <summary>Whether it was recorded.</summary>
    public bool End(StoreEnd end, DateTimeOffset now)
    {
        bool isRecorded = Change(end.Task.TaskId, state => end.IsReport ? state.Complete(end.Result, now) : state.Cancel(end.Result, now));
        Ends[end.Task.TaskId] = Ends.GetValueOrDefault(end.Task.TaskId) + (isRecorded ? 1 : 0);
        return isRecorded;
    }

    /// <summary>Whether it was recorded.</summary>
    public bool Requeue(StoreRequeue requeue) => Change(requeue.Task.TaskId, state => state.Requeue(
        new TaskRequeue(requeue.Task.TaskId, requeue.After.Attempt - 1)
        {
            NotBefore = requeue.After.NotBefore,
            Failures = requeue.After.Failures,
            InfrastructureRetries = requeue.After.InfrastructureRetries,
            LossRetries = requeue.After.LossRetries,
        }));

    private bool Change(string id, Func<TaskState, TaskState?> rule)
    {
        if (rule(_tasks[id].State) is not TaskState after)
        {
            return false;
        }

        _tasks[id] = (_tasks[id].Submission, after);
        return true;
    }
}
