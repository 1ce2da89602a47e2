using System.Threading.Channels;
using Executor.Execution;
using Executor.Executors;
using Executor.Scheduling;
using Executor.Tasks;

namespace Executor.Testing;

/// <summary>An executor in the hands of the test: it says what it was given, and reports when told.</summary>
public sealed class FakeExecutor(string id) : IExecutorLink
{
    private readonly Channel<TaskAssignment> _given = Channel.CreateUnbounded<TaskAssignment>();
    private readonly Channel<TaskAttempt> _cancelled = Channel.CreateUnbounded<TaskAttempt>();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Id { get; } = id;

    public IExecutorConnection Connection { get; private set; } = null!;

    public string? ClosedFor => _closed.Task.IsCompleted ? _closed.Task.Result : null;

    /// <summary>Whether it was closed for another one of its id.</summary>
    public bool IsReplaced { get; private set; }

    public bool IsDrained => _drained.Task.IsCompleted;

    /// <summary>Ends when it is told that it gets nothing more.</summary>
    public Task Drained => _drained.Task.WaitAsync(Soon);

    /// <summary>Why it was closed, once it was.</summary>
    public Task<string> Closed => _closed.Task.WaitAsync(Soon);

    /// <summary>Registers one.</summary>
    public static async Task<FakeExecutor> JoinAsync(
        IExecutorGateway gateway, string id = "one", int maxTasks = 1, IReadOnlyList<TaskAttempt>? running = null, params string[] capabilities)
    {
        FakeExecutor executor = new(id);
        await gateway.RegisterAsync(
            new ExecutorRegistration { ExecutorId = id, Host = "host", MaxTasks = maxTasks, Capabilities = capabilities, GpuDevices = [0, 1] },
            running ?? [],
            executor,
            CancellationToken.None);
        return executor;
    }

    public void Attach(IExecutorConnection connection) => Connection = connection;

    public void Run(TaskAssignment assignment) => _given.Writer.TryWrite(assignment);

    public void Cancel(TaskAttempt task) => _cancelled.Writer.TryWrite(task);

    public void Drain() => _drained.TrySetResult();

    public void Close(string reason) => _closed.TrySetResult(reason);

    public void Replace(string reason)
    {
        IsReplaced = true;
        Close(reason);
    }

    /// <summary>The next task it is given.</summary>
    public Task<TaskAssignment> NextAsync() => _given.Reader.ReadAsync().AsTask().WaitAsync(Soon);

    /// <summary>The next attempt it is told to stop.</summary>
    public Task<TaskAttempt> NextCancelAsync() => _cancelled.Reader.ReadAsync().AsTask().WaitAsync(Soon);

    /// <summary>A task it has been given already, if there is one.</summary>
    public TaskAssignment? Given() => _given.Reader.TryRead(out TaskAssignment? given) ? given : null;

    public Task<bool> CompleteAsync(TaskAssignment task, string stdout = "") =>
        Connection.ReportAsync(task.Task, Result(task, ExecutionStatus.Completed) with { Stdout = stdout });

    public Task<bool> FailAsync(TaskAssignment task, string errorType = TaskErrorTypes.ExitCode) => Connection.ReportAsync(
        task.Task, Result(task, ExecutionStatus.Failed) with { Error = new TaskError { Type = errorType, Message = "it failed" } });

    public Task<bool> CancelledAsync(TaskAssignment task) => Connection.ReportAsync(task.Task, Result(task, ExecutionStatus.Cancelled));

    public ValueTask PrintAsync(TaskAssignment task, OutputStream stream, ReadOnlyMemory<byte> data) =>
        Connection.OutputAsync(task.Task, stream, data, CancellationToken.None);

    /// <summary>Says that it lives and runs these.</summary>
    public IReadOnlyList<TaskAttempt>? Beat(params TaskAttempt[] running) => Connection.Heartbeat(running);

    private static TimeSpan Soon => TimeSpan.FromSeconds(20);

    private static TaskResult Result(TaskAssignment task, ExecutionStatus status) => new()
    {
        TaskId = task.Spec.TaskId!,
        Attempt = task.Attempt,
        Status = status,
        Name = task.Spec.Name,
        StartTimeMs = 1,
        EndTimeMs = 2,
    };
}
