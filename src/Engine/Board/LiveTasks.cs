using System.Diagnostics.CodeAnalysis;
using Executor.Scheduling;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Engine.Board;

/// <summary>The tasks that have not ended, how many are where, and how much memory the waiting ones' specs take.</summary>
internal sealed class LiveTasks(long maxSpecBytes)
{
    private readonly Dictionary<string, BoardTask> _tasks = [];
    private readonly int[] _counts = new int[(int)TaskPhase.Ending + 1];
    private long _specBytes;

    public int Count => _tasks.Count;

    /// <summary>Tasks that wait: for a parent, for an executor, for the store to take that they wait again.</summary>
    public int WaitingCount => Count - _counts[(int)TaskPhase.Loading] - _counts[(int)TaskPhase.Running] - _counts[(int)TaskPhase.Ending];

    public bool Contains(string taskId) => _tasks.ContainsKey(taskId);

    public bool TryGet(string taskId, [NotNullWhen(true)] out BoardTask? task) => _tasks.TryGetValue(taskId, out task);

    /// <summary>Takes a task in.</summary>
    /// <param name="task">The task.</param>
    /// <param name="spec">What it brings, kept if there is room; null: it is not at hand.</param>
    public void Add(BoardTask task, TaskSpec? spec)
    {
        _tasks.Add(task.TaskId, task);
        _counts[(int)task.Phase]++;
        if (spec is not null)
        {
            task.IsCounted = SpecSize.Of(spec) is int bytes && _specBytes + bytes <= maxSpecBytes;
            task.Take(spec, keeps: task.IsCounted);
            _specBytes += task.IsCounted ? task.SpecBytes : 0;
        }
    }

    /// <summary>Puts a task into another phase.</summary>
    public void Move(BoardTask task, TaskPhase phase)
    {
        _counts[(int)task.Phase]--;
        _counts[(int)phase]++;
        task.Phase = phase;
        if (phase is TaskPhase.Running or TaskPhase.Ending)
        {
            // From now on it is needed, so it is not among what may be kept.
            Uncount(task);
        }
    }

    /// <summary>Lets go of a task.</summary>
    public void Remove(BoardTask task)
    {
        _tasks.Remove(task.TaskId);
        _counts[(int)task.Phase]--;
        Uncount(task);
    }

    /// <summary>A stored record with what memory knows better: the store hears of a start up to a second late.</summary>
    public TaskRecord Current(TaskRecord record)
    {
        if (record.State.Status.IsFinal() || !_tasks.TryGetValue(record.TaskId, out BoardTask? task))
        {
            return record;
        }

        TaskLifecycle live = task.State;
        bool isHeld = live.Status != ExecutionStatus.Pending && live.ExecutorId is not null;
        return record with
        {
            State = record.State with
            {
                // A result on its way into the store is not there yet: until it is, the task runs or waits.
                Status = isHeld ? ExecutionStatus.Running : ExecutionStatus.Pending,
                Attempt = live.Attempt,
                ExecutorId = isHeld ? live.ExecutorId : null,
                StartedAt = isHeld && task.Run?.Attempt == live.Attempt ? task.Run.StartedAt : null,
                NotBefore = live.NotBefore,
                Failures = live.Failures,
                InfrastructureRetries = live.InfrastructureRetries,
                LossRetries = live.LossRetries,
                CancelRequested = live.CancelRequested,
            },
        };
    }

    private void Uncount(BoardTask task)
    {
        _specBytes -= task.IsCounted ? task.SpecBytes : 0;
        task.IsCounted = false;
    }
}
