using Executor.Engine;
using Executor.Execution;
using Executor.Executors;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Testing;

/// <summary>What every <see cref="IExecutionService"/> does with tasks and executors, whatever is behind it. Executors are the test's own.</summary>
public abstract partial class ExecutionServiceContract : IAsyncLifetime
{
    private TestedService _tested = null!;

    protected FakeTimeProvider Time { get; } = new();

    protected ITaskService Service => _tested.Tasks;

    protected IExecutorRegistry Registry => _tested.Executors;

    protected IExecutorGateway Gateway => _tested.Gateway;

    protected static CancellationToken None => CancellationToken.None;

    private static TimeSpan Long => TimeSpan.FromMinutes(10);

    public async ValueTask InitializeAsync() => _tested = await StartAsync(Time, new EngineOptions { MaxQueue = 10_000 });

    public abstract ValueTask DisposeAsync();

    /// <summary>Starts a service; the next time it finds what the one before left.</summary>
    protected abstract Task<TestedService> StartAsync(TimeProvider time, EngineOptions options);

    /// <summary>Ends the service as a killed process does: nothing is written any more.</summary>
    protected abstract Task StopAsync();

    protected async Task RestartAsync()
    {
        await StopAsync();
        _tested = await StartAsync(Time, new EngineOptions());
    }

    protected static TaskSpec Task(string? id = null, int priority = 0, params string[] dependsOn) =>
        new() { TaskId = id, Code = "print(1)", Language = "python", Priority = priority, DependsOn = dependsOn.Length == 0 ? null : dependsOn };

    protected async Task<string> SubmitAsync(TaskSpec spec) => (await Service.SubmitAsync([spec], None))[0].TaskId;

    protected async Task<TaskResult> EndOfAsync(string id)
    {
        // Within the test's own time: the service's stands still.
        TaskResult? result = await Service.WaitAsync(id, Long, None).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.NotNull(result);
        return result;
    }

    protected async Task<ExecutionStatus> StatusOfAsync(string id)
    {
        StoredTask? task = await Service.GetAsync(id, None);
        Assert.NotNull(task);
        return task.Record.State.Status;
    }

    /// <summary>Lets the service notice that time has passed.</summary>
    protected async Task PassAsync(TimeSpan by)
    {
        await SettleAsync();
        Time.Advance(by);
        Time.Advance(TimeSpan.FromMilliseconds(100));
        await System.Threading.Tasks.Task.Yield();
    }

    /// <summary>Ends when the service has taken all that it was told before.</summary>
    protected virtual Task SettleAsync() => System.Threading.Tasks.Task.CompletedTask;
}
