using System.Text.Json;
using Executor.Execution;
using Executor.Executors;
using Executor.Grains.Scheduling;
using Executor.Scheduling;
using Executor.Storage;
using Executor.Tasks;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace Executor.Grains.Serialization;

public sealed class CoreCodecTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddExecutorSerialization().BuildServiceProvider();

    [Fact]
    public void Task_comes_out_as_it_went_in()
    {
        TaskSpec spec = new()
        {
            TaskId = "t",
            Code = "print('\u0000 \ud800 é')",
            Params = JsonDocument.Parse("""{"a": "\ud800", "b": 1.0}""").RootElement,
            UseSandbox = false,
            Timeout = TimeSpan.FromSeconds(1.5),
            Retry = new RetryPolicy(),
            Env = new Dictionary<string, string> { ["Ä"] = "" },
        };

        TaskSpec back = Assert.Single(Assert.IsType<SubmitCall>(Through<SchedulerCall>(new SubmitCall([spec]))).Tasks);

        Assert.Equal((spec.Code, spec.UseSandbox, spec.Timeout, spec.Retry), (back.Code, back.UseSandbox, back.Timeout, back.Retry));
        Assert.Equal(spec.Params?.GetRawText(), back.Params?.GetRawText());
        Assert.Equal(spec.Env, back.Env);
    }

    [Fact]
    public void Messages_of_executors_come_out_as_they_went_in()
    {
        TaskAttempt task = new("t", 2);
        ExecutorRegistration registration = new() { ExecutorId = "e", Host = "h", MaxTasks = 3, Capabilities = ["a"] };
        TaskResult result = new() { TaskId = "t", Status = ExecutionStatus.Failed, Stdout = "\ud800 é" };
        ExecutorMessage[] messages =
        [
            new RegisterMessage(registration, [task]) { IsDraining = true }, new HeartbeatMessage([task]),
            new OutputMessage(task, OutputStream.Stderr, new byte[] { 0xff, 0 }) { Seq = 3 }, new ResultMessage(task, result),
            new DrainMessage(), new LeaveMessage(), new DisconnectedMessage(),
        ];

        ExecutorMessage[] back = [.. messages.Select(message => Assert.IsType<ExecutorCall>(Through<SchedulerCall>(new ExecutorCall(7, message))).Message)];

        Assert.Equal(messages.Select(Text), back.Select(Text));
        Assert.Equal(result.Stdout, Assert.IsType<ResultMessage>(back[3]).Result.Stdout);
        Assert.Equal([.. Kinds(typeof(ExecutorMessage))], messages.Select(message => message.GetType()).ToHashSet());
    }

    [Fact]
    public void Messages_to_executors_come_out_as_they_went_in()
    {
        TaskAttempt task = new("t", 2);
        ServerMessage[] messages =
        [
            new RegisteredMessage { Lease = TimeSpan.FromSeconds(1.5), Stale = [task], Received = [new ReceivedOutput("t", 2, 3)], MaxBytes = 4 },
            new TaskAssignment(new TaskSpec { TaskId = "t", Code = "1" }, 2, [1]) { TraceParent = "trace" }, new CancelMessage(task, IsLost: true),
            new DrainedMessage(), new AcknowledgedMessage(task, Accepted: true), new ClosedMessage("why", IsReplaced: true),
        ];

        ServerMessage[] back = [.. messages.Select(message => Assert.IsType<ExecutorEvent>(Through<SchedulerEvent>(new ExecutorEvent(7, message))).Message)];

        Assert.Equal(messages.Select(Text), back.Select(Text));
        Assert.Equal([.. Kinds(typeof(ServerMessage))], messages.Select(message => message.GetType()).ToHashSet());
    }

    [Fact]
    public void Record_of_a_stored_task_keeps_its_defaults()
    {
        TaskRecord record = TaskRecord.Of(new TaskSubmission(new TaskSpec { TaskId = "t", Code = "1" }, DateTimeOffset.UnixEpoch));

        StoredTask back = Through(new StoredTask(record, new TaskSpec { TaskId = "t", Code = "1" }));

        Assert.Equal((1, ExecutionStatus.Pending, DateTimeOffset.UnixEpoch), (back.Record.State.Attempt, back.Record.State.Status, back.Record.SubmittedAt));
        Assert.Empty(back.Record.Capabilities);
    }

    [Fact]
    public void Attempts_positions_and_cursors_come_out_as_they_went_in()
    {
        Assert.Equal(new TaskAttempt("t", 3), Through(new TaskAttempt("t", 3)));
        Assert.Equal(new OutputPosition(1, 2, 3), Through(new OutputPosition(1, 2, 3)));
        Assert.Equal(new TaskCursor(4, 5), Through(new TaskCursor(4, 5)));
    }

    [Fact]
    public void Exception_of_the_contract_is_the_same_on_the_other_side()
    {
        var invalid = Assert.IsType<InvalidTaskException>(Fault(new InvalidTaskException([new ValidationFault("tasks[1].timeout", "is wrong")])));
        Assert.Equal("tasks[1].timeout", Assert.Single(invalid.Faults).Field);
        Assert.IsType<InvalidInputException>(Fault(new InvalidInputException([])));
        var full = Assert.IsType<QueueFullException>(Fault(new QueueFullException(7, 5, TimeSpan.FromSeconds(2))));
        Assert.Equal((7, 5, TimeSpan.FromSeconds(2)), (full.Waiting, full.Maximum, full.RetryAfter));
        Assert.True(Assert.IsType<StorageException>(Fault(new StorageException("away", isTransient: true))).IsTransient);
        Assert.False(Assert.IsType<StorageException>(Fault(new StorageException("gone", isTransient: false))).IsTransient);

        Exception Fault(Exception exception) => Through(CallFault.Of(exception)).ToException();
    }

    private static string Text(object message) => JsonSerializer.Serialize(message, message.GetType());

    private static IEnumerable<Type> Kinds(Type pair) => pair.Assembly.GetTypes().Where(type => type.BaseType == pair);

    public void Dispose() => _services.Dispose();

    private T Through<T>(T value)
    {
        Serializer serializer = _services.GetRequiredService<Serializer>();
        return serializer.Deserialize<T>(serializer.SerializeToArray(value))!;
    }
}
