using Executor.Tasks;

namespace Executor.Library;

/// <summary>A task for a <see cref="ParallelExecutor"/>: something for its runner to run, or a function of this process.</summary>
public sealed class ParallelTask
{
    private const string FunctionEntrypoint = LocalExecutor.Prefix + "function";

    /// <summary>A task for the runner.</summary>
    /// <param name="spec">What to run. Without an id it gets one.</param>
    /// <exception cref="ArgumentException">The id is empty.</exception>
    public ParallelTask(TaskSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (spec.TaskId is { Length: 0 })
        {
            throw new ArgumentException("A task's id must not be empty.", nameof(spec));
        }

        Spec = spec.TaskId is null ? spec with { TaskId = Guid.CreateVersion7().ToString() } : spec;
    }

    /// <summary>A function as a task.</summary>
    /// <param name="spec">All about the task but what to run: its id, what it depends on, its priority, timeout, params, ….</param>
    /// <param name="function">The function. It should not hold its thread while it waits.</param>
    /// <exception cref="ArgumentException">The spec says what to run, or asks for a cached result, which a function can't have.</exception>
    public ParallelTask(TaskSpec spec, ParallelFunction function)
        : this(spec)
    {
        ArgumentNullException.ThrowIfNull(function);
        if (spec is not { Code: null, Script: null, Command: null, Entrypoint: null, Callable: null })
        {
            throw new ArgumentException("A task that is a function has no code, script, command, entrypoint or callable besides.", nameof(spec));
        }

        if (spec.Cache is not null)
        {
            throw new ArgumentException("The result of a function can't be cached: nothing tells whether it is the same function.", nameof(spec));
        }

        Spec = Spec with { Entrypoint = FunctionEntrypoint };
        Function = function;
    }

    /// <summary>The task's id: the key of its result.</summary>
    public string Id => Spec.TaskId!;

    /// <summary>What was asked.</summary>
    public TaskSpec Spec { get; }

    /// <summary>The function; null: the runner runs it.</summary>
    internal ParallelFunction? Function { get; }

    /// <summary>A function as a task.</summary>
    /// <param name="id">The task's id.</param>
    /// <param name="function">The function. It should not hold its thread while it waits.</param>
    /// <param name="dependsOn">Ids of tasks that must be COMPLETED first; null: none.</param>
    public static ParallelTask Call(string id, ParallelFunction function, IReadOnlyList<string>? dependsOn = null) =>
        new(new TaskSpec { TaskId = id, DependsOn = dependsOn }, function);

    /// <summary>A function as a task, which has a thread of its own while it runs.</summary>
    /// <param name="id">The task's id.</param>
    /// <param name="function">The function.</param>
    /// <param name="dependsOn">Ids of tasks that must be COMPLETED first; null: none.</param>
    public static ParallelTask Call(string id, Func<ParallelCall, object?> function, IReadOnlyList<string>? dependsOn = null) =>
        Call(id, (call, _) => OwnThread.RunAsync(() => function(call)), dependsOn);

    /// <summary>A function of any kind as a task; see <see cref="LocalExecutor.Register(string, Delegate)"/>.</summary>
    /// <param name="id">The task's id.</param>
    /// <param name="function">The function. One that returns no task has a thread of its own while it runs.</param>
    /// <param name="parameters">Its arguments: an object with a property for each; null: none.</param>
    /// <param name="dependsOn">Ids of tasks that must be COMPLETED first; null: none.</param>
    public static ParallelTask Call(string id, Delegate function, object? parameters = null, IReadOnlyList<string>? dependsOn = null)
    {
        LocalFunction local = LocalMethod.FunctionOf(function);
        return new ParallelTask(
            new TaskSpec { TaskId = id, DependsOn = dependsOn, Params = LocalJson.Parameters(parameters) },
            (call, cancellationToken) => local(call.Params, cancellationToken));
    }

    /// <summary>A task for the runner.</summary>
    public static implicit operator ParallelTask(TaskSpec spec) => new(spec);
}
