using System.Collections.Concurrent;
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
    private readonly ConcurrentDictionary<TaskAttempt, bool> _accepted = [];
    private readonly Channel<CancelMessage> _cancelled = Channel.CreateUnbounded<CancelMessage>();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Id { get; } = id;

    public IExecutorConnection Connection { get; private set; } = null!;

    /// <summary>What its registration was answered with.</summary>
    public RegisteredMessage Registered { get; private set; } = null!;

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
            new RegisterMessage(
                new ExecutorRegistration { ExecutorId = id, Host = "host", MaxTasks = maxTasks, Capabilities = capabilities, GpuDevices = [0, 1] },
                running ?? []),
            executor,
            CancellationToken.None);
        return executor;
    }

    public void Attach(IExecutorConnection connection) => Connection = connection;

    public void Send(ServerMessage message)
    {
        switch (message)
        {
            case RegisteredMessage registered:
                Registered = registered;
                break;
            case TaskAssignment assignment:
                _given.Writer.TryWrite(assignment);
                break;
            case CancelMessage cancel:
                _cancelled.Writer.TryWrite(cancel);
                break;
            case AcknowledgedMessage acknowledged:
                _accepted[acknowledged.Task] = acknowledged.Accepted;
                break;
            case DrainedMessage:
                _drained.TrySetResult();
                break;
            case ClosedMessage closed:
                IsReplaced |= closed.IsReplaced;
                _closed.TrySetResult(closed.Reason);
                break;
        }
    }

    /// <summary>The next task it is given.</summary>
    public Task<TaskAssignment> NextAsync() => _given.Reader.ReadAsync().AsTask().WaitAsync(Soon);

    /// <summary>The next attempt it is told to stop.</summary>
    public async Task<TaskAttempt> NextCancelAsync() => (await _cancelled.Reader.ReadAsync().AsTask().WaitAsync(Soon)).Task;

    /// <summary>What it has been told to stop already since it is not its own any more.</summary>
    public IReadOnlyList<TaskAttempt> Lost()
    {
        List<TaskAttempt> lost = [];
        while (_cancelled.Reader.TryRead(out CancelMessage? cancel))
        {
            lost.Add(cancel.IsLost ? cancel.Task : throw new InvalidOperationException($"{cancel.Task} is to be cancelled, and not lost."));
        }

        return lost;
    }

    /// <summary>A task it has been given already, if there is one.</summary>
    public TaskAssignment? Given() => _given.Reader.TryRead(out TaskAssignment? given) ? given : null;

    public Task<bool> CompleteAsync(TaskAssignment task, string stdout = "") =>
        ReportAsync(task.Task, Result(task, ExecutionStatus.Completed) with { Stdout = stdout });

    public Task<bool> FailAsync(TaskAssignment task, string errorType = TaskErrorTypes.ExitCode) =>
        ReportAsync(task.Task, Result(task, ExecutionStatus.Failed) with { Error = new TaskError { Type = errorType, Message = "it failed" } });

    public Task<bool> CancelledAsync(TaskAssignment task) => ReportAsync(task.Task, Result(task, ExecutionStatus.Cancelled));

    /// <summary>Reports a result.</summary>
    /// <returns>Whether it was taken; false, too, when the connection was closed before anybody said so.</returns>
    public async Task<bool> ReportAsync(TaskAttempt task, TaskResult result)
    {
        _accepted[task] = false;
        await Connection.SendAsync(new ResultMessage(task, result), CancellationToken.None);
        return _accepted[task];
    }

    public Task PrintAsync(TaskAssignment task, OutputStream stream, ReadOnlyMemory<byte> data) => SayAsync(new OutputMessage(task.Task, stream, data));

    /// <summary>Says that it lives and runs these.</summary>
    public void Beat(params TaskAttempt[] running) => Connection.SendAsync(new HeartbeatMessage(running), CancellationToken.None);

    public Task SayAsync(ExecutorMessage message) => Connection.SendAsync(message, CancellationToken.None);

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
