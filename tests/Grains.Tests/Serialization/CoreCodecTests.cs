using System.Text.Json;
using Executor.Execution;
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

    public void Dispose() => _services.Dispose();

    private T Through<T>(T value)
    {
        Serializer serializer = _services.GetRequiredService<Serializer>();
        return serializer.Deserialize<T>(serializer.SerializeToArray(value))!;
    }
}
