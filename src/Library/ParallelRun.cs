using System.Threading.Channels;
using Executor.Limits;
using Executor.Tasks;
using Executor.Workflows;

namespace Executor.Library;

/// <summary>One call: its tasks from the submit to the last result.</summary>
internal sealed class ParallelRun
{
    private readonly ParallelHost _host;
    private readonly IProgress<ParallelProgress>? _progress;
    private readonly Dictionary<string, ParallelEntry> _entries;

    // Two events for each attempt at most, and whoever takes them only counts and tells.
    private readonly Channel<(string TaskId, TaskResult? Result)> _events =
        Channel.CreateUnbounded<(string, TaskResult?)>(new UnboundedChannelOptions { SingleReader = true });

    /// <exception cref="InvalidTaskException">The tasks can't be put in an order: ids twice, unknown parents, a cycle.</exception>
    public ParallelRun(ParallelHost host, IReadOnlyList<ParallelTask> tasks, ParallelExecutorOptions options, IProgress<ParallelProgress>? progress)
    {
        DependentTask[] dependents = [.. tasks.Select(task => new DependentTask(task.Id, task.Spec.DependsOn ?? []))];
        if (new DependencyGraph().Submit(dependents, new Dictionary<string, ExecutionStatus>()) is DependenciesRefused refused)
        {
            throw new InvalidTaskException([.. refused.Faults.Select(fault => fault.At(place: null))]);
        }

        _host = host;
        _progress = progress;
        _entries = tasks.ToDictionary(task => task.Id, task => new ParallelEntry(task, WithDefaults(task.Spec, options), this));
    }

    /// <summary>Its tasks.</summary>
    public IReadOnlyCollection<ParallelEntry> Entries => _entries.Values;

    /// <summary>An attempt begins: everything it depends on has ended, but perhaps not been told of yet.</summary>
    /// <returns>The results of the tasks it depends on.</returns>
    public async Task<IReadOnlyDictionary<string, TaskResult>> BeginAsync(ParallelEntry entry)
    {
        Dictionary<string, TaskResult> parents = [];
        foreach (string id in ParentIds(entry))
        {
            parents[id] = await _entries[id].End;
        }

        if (_progress is not null)
        {
            _events.Writer.TryWrite((entry.Task.Id, null));
        }

        return parents;
    }

    /// <summary>Runs the tasks. Cancelling cancels those that have not ended.</summary>
    public async Task<ParallelResults> RunAsync(CancellationToken cancellationToken)
    {
        await _host.Service.SubmitAsync([.. Entries.Select(ToEngine)], CancellationToken.None);
        Task waiting = Task.WhenAll(Entries.Select(WaitAsync));
        Task cancelling = Task.CompletedTask;
        try
        {
            using CancellationTokenRegistration registration = cancellationToken.Register(() => cancelling = Task.Run(CancelAsync, CancellationToken.None));
            ParallelProgress progress = new("", null, _entries.Count, 0, 0, 0);
            while (progress.Ended < _entries.Count)
            {
                (string taskId, TaskResult? result) = await _events.Reader.ReadAsync(CancellationToken.None);
                progress = result is null ? progress with { TaskId = taskId, Result = null } : progress.After(result);
                _progress?.Report(progress);
            }
        }
        catch
        {
            // Whoever is told of the progress threw: nobody waits for the rest.
            await CancelAsync();
            throw;
        }
        finally
        {
            await cancelling;
            await waiting;
        }

        return new ParallelResults(
            Entries.ToDictionary(entry => entry.Task.Id, entry => entry.End.Result),
            [.. Entries.OrderBy(entry => entry.EndedAt).Select(entry => entry.Task.Id)]);
    }

    private async Task WaitAsync(ParallelEntry entry)
    {
        try
        {
            TaskResult result = await _host.Service.WaitAsync(entry.EngineId, Timeout.InfiniteTimeSpan, CancellationToken.None)
                ?? throw new InvalidOperationException($"Task '{entry.Task.Id}' was submitted and is not known.");
            result = result with { TaskId = entry.Task.Id, Error = WithOurIds(result.Error, entry) };
            await WaitForCauseAsync(entry, result);
            _events.Writer.TryWrite((entry.Task.Id, result));
            entry.SetEnd(result);
        }
        catch (Exception failed)
        {
            entry.SetLost();
            _events.Writer.TryComplete(failed);
            throw;
        }
    }

    /// <summary>The engine's waiters go on in any order; here a task's end is told after the ends that led to it.</summary>
    private async Task WaitForCauseAsync(ParallelEntry entry, TaskResult result)
    {
        List<Task<TaskResult>> parents = entry.HasRun || result.Error?.Type == TaskErrorTypes.Dependency
            ? [.. ParentIds(entry).Select(id => _entries[id].End)]
            : [];
        bool isCaused = false;
        while (parents.Count > 0 && !isCaused)
        {
            Task<TaskResult> ended = await Task.WhenAny(parents);
            parents.Remove(ended);
            isCaused = !(await ended).Success;
        }
    }

    /// <summary>Children first: those that wait for a task which is cancelled would otherwise fail of that.</summary>
    private async Task CancelAsync()
    {
        Dictionary<string, int> children = _entries.Keys.ToDictionary(id => id, _ => 0);
        foreach (string parent in Entries.SelectMany(ParentIds))
        {
            children[parent]++;
        }

        Queue<ParallelEntry> next = new(Entries.Where(entry => children[entry.Task.Id] == 0));
        while (next.TryDequeue(out ParallelEntry? entry))
        {
            await _host.Service.CancelAsync(entry.EngineId, CancellationToken.None);
            foreach (string parent in ParentIds(entry).Where(parent => --children[parent] == 0))
            {
                next.Enqueue(_entries[parent]);
            }
        }
    }

    private TaskSpec ToEngine(ParallelEntry entry) => entry.Spec with
    {
        TaskId = entry.EngineId,
        DependsOn = entry.Spec.DependsOn is null ? null : [.. ParentIds(entry).Select(id => _entries[id].EngineId)],
    };

    /// <summary>The error of a task whose parent did not complete names the parent as the engine knows it.</summary>
    private TaskError? WithOurIds(TaskError? error, ParallelEntry entry)
    {
        if (error?.Type != TaskErrorTypes.Dependency)
        {
            return error;
        }

        string message = ParentIds(entry).Aggregate(
            error.Message, (text, id) => text.Replace(_entries[id].EngineId, id, StringComparison.Ordinal));
        return error with { Message = message };
    }

    private static IEnumerable<string> ParentIds(ParallelEntry entry) => (entry.Spec.DependsOn ?? []).Distinct(StringComparer.Ordinal);

    private static TaskSpec WithDefaults(TaskSpec spec, ParallelExecutorOptions options) => spec with
    {
        // Without a word on resources the scheduler would count a task against no worker.
        Resources = spec.Resources ?? new ResourceRequest(),
        Timeout = spec.Timeout ?? options.Timeout,
        Limits = options.Limits is null ? spec.Limits : (spec.Limits ?? new TaskLimits()).Or(options.Limits),
        UseSandbox = options.Mode == ParallelMode.Sandboxed || spec.UseSandbox,
    };
}
