using System.Collections.Concurrent;
using System.Text.Json;
using Executor.Clocks;
using Executor.Executors;
using Executor.Tasks;
using Executor.Text;

namespace Executor.Library;

/// <summary>
/// Runs functions of this process: no isolation, so that breakpoints work and everything of the process is at hand. What they print is
/// the process's own output; no limit but the timeout holds. Safe to use from many threads.
/// </summary>
/// <remarks>
/// A task names a registered function by its <c>entrypoint</c>: <c>local:NAME</c>, with the arguments by name in <c>params</c>. A
/// function that is asked to stop (its task was cancelled, or has reached its timeout) and doesn't within half a second runs on, but its
/// task ends without it.
/// </remarks>
/// <param name="otherwise">Runs tasks whose entrypoint is not <c>local:…</c>; null: they are refused.</param>
/// <param name="time">The clock; null: the system's.</param>
public sealed class LocalExecutor(AttemptHandler? otherwise = null, TimeProvider? time = null)
{
    /// <summary>What an entrypoint that names a registered function begins with.</summary>
    public const string Prefix = "local:";

    private readonly ConcurrentDictionary<string, LocalFunction> _functions = new(StringComparer.Ordinal);
    private readonly LocalRun _run = new(time ?? SteadyTime.System);

    /// <summary>How long tasks may run that don't say. Range over 0 to a day. Default 300 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>Functions that still run though their tasks have ended, since they did not stop when they were asked to.</summary>
    public int Abandoned => _run.Abandoned;

    /// <summary>The names of the registered functions.</summary>
    public IReadOnlyCollection<string> Functions => [.. _functions.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Makes a function callable by name.</summary>
    /// <param name="name">Identifiers with dots between them (<c>math.add</c>).</param>
    /// <param name="function">The function; it is called on a thread of the pool, and should not hold it while it waits.</param>
    /// <returns>This.</returns>
    /// <exception cref="ArgumentException">The name is not one, or it is taken.</exception>
    public LocalExecutor Register(string name, LocalFunction function)
    {
        if (TaskSpecValidator.Validate(new TaskSpec { Entrypoint = Prefix + name }).Count > 0)
        {
            throw new ArgumentException($"A function's name must be identifiers with dots between them, was {QuotedText.Of(name)}.", nameof(name));
        }

        return _functions.TryAdd(name, function)
            ? this
            : throw new ArgumentException($"There is a function of the name {QuotedText.Of(name)} already.", nameof(name));
    }

    /// <summary>
    /// Makes a function of any kind callable by name: its parameters are given by their names (or those in snake_case), one that is a
    /// <see cref="CancellationToken"/> asks it to stop, and what it returns, or its task does, is the result. A function that returns no
    /// task has a thread of its own while it runs.
    /// </summary>
    /// <param name="name">Identifiers with dots between them (<c>math.add</c>).</param>
    /// <param name="function">The function.</param>
    /// <returns>This.</returns>
    /// <exception cref="ArgumentException">The name is not one, or it is taken.</exception>
    public LocalExecutor Register(string name, Delegate function) => Register(name, LocalMethod.FunctionOf(function));

    /// <summary>Calls a registered function and waits for what comes of it. Nothing is thrown for what it does.</summary>
    /// <param name="name">The function's name.</param>
    /// <param name="parameters">Its arguments: an object with a property for each (an anonymous one, a dictionary, a <see cref="JsonElement"/>); null: none.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public Task<TaskResult> ExecuteAsync(string name, object? parameters = null, CancellationToken cancellationToken = default) =>
        ExecuteAsync(new TaskSpec { Entrypoint = Prefix + name, Params = LocalJson.Parameters(parameters) }, cancellationToken);

    /// <summary>Calls a function and waits for what comes of it. Nothing is thrown for what it does.</summary>
    /// <param name="function">The function; see <see cref="Register(string, Delegate)"/>.</param>
    /// <param name="parameters">Its arguments: an object with a property for each (an anonymous one, a dictionary, a <see cref="JsonElement"/>); null: none.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public Task<TaskResult> ExecuteAsync(Delegate function, object? parameters = null, CancellationToken cancellationToken = default) =>
        CallAsync(new TaskSpec { Params = LocalJson.Parameters(parameters) }, attempt: 1, LocalMethod.FunctionOf(function), cancellationToken);

    /// <summary>Runs a task that names a registered function, and waits for what comes of it. Nothing is thrown for what it does.</summary>
    public Task<TaskResult> ExecuteAsync(TaskSpec task, CancellationToken cancellationToken = default) =>
        RunAsync(new TaskAssignment(task, 1, []), (_, _, _) => ValueTask.CompletedTask, cancellationToken);

    /// <summary>An <see cref="AttemptHandler"/>: what an executor of the engine runs tasks with.</summary>
    public Task<TaskResult> RunAsync(TaskAssignment assignment, OutputReceiver live, CancellationToken cancellationToken)
    {
        TaskSpec task = assignment.Spec;
        bool isLocal = task.Entrypoint?.StartsWith(Prefix, StringComparison.Ordinal) == true;
        if (!isLocal && otherwise is not null)
        {
            return otherwise(assignment, live, cancellationToken);
        }

        string name = isLocal ? task.Entrypoint![Prefix.Length..] : "";
        return CallAsync(task, assignment.Attempt, _functions.TryGetValue(name, out LocalFunction? function) ? function : Refuse, cancellationToken);

        Task<object?> Refuse(JsonElement? parameters, CancellationToken stop) => throw new InvalidTaskException(
        [
            new ValidationFault("entrypoint", isLocal
                ? ClosestName.Explain("function", name, _functions.Keys)
                : $"must name a function of this process ({Prefix}NAME): there is nothing else here that runs tasks"),
        ]);
    }

    private Task<TaskResult> CallAsync(TaskSpec task, int attempt, LocalFunction function, CancellationToken cancellationToken) => _run.RunAsync(
        task,
        attempt,
        task.Timeout ?? Timeout,
        stop => Task.Run(() => function(task.Params, stop), CancellationToken.None),
        cancellationToken);
}
