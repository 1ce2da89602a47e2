using System.Globalization;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Testing;

/// <summary>What every store must do. Derive, say how to open one, and xunit runs it all.</summary>
public abstract partial class TaskStoreContract : IAsyncLifetime
{
    private ITaskStore? _store;

    protected FakeTimeProvider Time { get; } = new();

    /// <summary>A store with nothing in it.</summary>
    protected ITaskStore Store => _store!;

    /// <summary>How much of outputs the stores keep.</summary>
    protected static OutputLimit OutputLimit { get; } = new(8);

    protected static CancellationToken None => CancellationToken.None;

    /// <summary>Opens the store under test. In a database a second call gives another one on the same data.</summary>
    protected abstract Task<ITaskStore> OpenAsync();

    public virtual async ValueTask InitializeAsync() => _store = await OpenAsync();

    public virtual async ValueTask DisposeAsync() => await Store.DisposeAsync();

    protected static TaskSpec Spec(string id) => new() { TaskId = id, Language = "python", Code = "print(1)" };

    protected static TaskResult Completed(string id, int attempt = 1) => new()
    {
        TaskId = id,
        Status = ExecutionStatus.Completed,
        Attempt = attempt,
        ExitCode = 0,
        Stdout = "1\n",
        StartTimeMs = 1_900_000_000_000,
        EndTimeMs = 1_900_000_000_250,
        DurationSec = 0.25,
        ExecutorType = RunnerKind.Localhost,
        ExecutorId = "local-1",
        RuntimeId = "python",
    };

    protected static TaskResult Cancelled(string id) => new()
    {
        TaskId = id,
        Status = ExecutionStatus.Cancelled,
        Error = new TaskError { Type = TaskErrorTypes.Cancelled, Message = "Somebody cancelled it." },
    };

    protected Task<SubmitOutcome> SubmitAsync(TaskSpec spec) => Store.SubmitAsync(new TaskSubmission(spec, Time.GetUtcNow()), None);

    protected async Task<TaskState> SubmitAsync(string id) => (await SubmitAsync(Spec(id))).State;

    protected Task<WriteOutcome> CompleteAsync(TaskResult result) => Store.CompleteAsync(new TaskCompletion(result), None);

    protected async Task<TaskState> StateAsync(string id) => (await Store.GetAsync(id, None))!.Record.State;

    protected async Task<List<string>> OpenIdsAsync()
    {
        List<string> ids = [];
        await foreach (TaskRecord task in Store.ReadOpenAsync(None))
        {
            ids.Add(task.TaskId);
        }

        return ids;
    }

    protected async Task<List<string>> ListIdsAsync(TaskFilter filter) =>
        [.. (await Store.ListAsync(filter, 100, null, None)).Tasks.Select(task => task.TaskId)];

    protected async Task SubmitManyAsync(int count, Func<int, TaskSpec> spec)
    {
        IReadOnlyList<SubmitOutcome> outcomes = await Store.SubmitAsync(
            [.. Enumerable.Range(0, count).Select(i => new TaskSubmission(spec(i), Time.GetUtcNow().AddMilliseconds(i)))], None);
        Assert.All(outcomes, outcome => Assert.Equal(SubmitStatus.Stored, outcome.Status));
    }

    protected static string Number(int i) => i.ToString("D5", CultureInfo.InvariantCulture);
}
