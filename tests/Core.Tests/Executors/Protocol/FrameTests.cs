using System.Text;
using Executor.Scheduling;
using Executor.Tasks;

namespace Executor.Executors.Protocol;

/// <summary>The frames of <c>docs/executor-protocol.md</c>, to the letter: executors of others rely on them.</summary>
public sealed class FrameTests
{
    private static readonly TaskAttempt Attempt = new("t", 2);

    public static TheoryData<ExecutorMessage, string> FromExecutors() => new()
    {
        {
            new RegisterMessage(new ExecutorRegistration { ExecutorId = "e", Host = "h" }, []),
            """{"protocol":1,"executor_id":"e","host":"h","port":0,"max_tasks":1,"running":[],"type":"register"}"""
        },
        {
            new RegisterMessage(
                new ExecutorRegistration
                {
                    ExecutorId = "e",
                    Host = "h",
                    Port = 7,
                    MaxTasks = 3,
                    Capabilities = ["a"],
                    Runners = [RunnerKind.Localhost, RunnerKind.Docker],
                    CodeExecutors = ["c"],
                    Cpus = 1.5,
                    MemoryMb = 512,
                    GpuDevices = [0, 1],
                },
                [Attempt]),
            """{"protocol":1,"executor_id":"e","host":"h","port":7,"max_tasks":3,"capabilities":["a"],"runners":["localhost","docker"],"code_executors":["c"],"cpus":1.5,"memory_mb":512,"gpu_devices":[0,1],"running":[{"task_id":"t","attempt":2}],"type":"register"}"""
        },
        { new HeartbeatMessage([Attempt]), """{"running":[{"task_id":"t","attempt":2}],"type":"heartbeat"}""" },
        {
            new OutputMessage(Attempt, OutputStream.Stderr, "é\n"u8.ToArray()) { Seq = 3 },
            """{"task_id":"t","attempt":2,"stream":"stderr","seq":3,"data":"é\n","encoding":"utf8","type":"output"}"""
        },
        {
            new OutputMessage(Attempt, OutputStream.Stdout, new byte[] { 0xff }) { Seq = 4 },
            """{"task_id":"t","attempt":2,"stream":"stdout","seq":4,"data":"/w==","encoding":"base64","type":"output"}"""
        },
        {
            new ResultMessage(Attempt, new TaskResult { TaskId = "t", Id = Guid.Empty, Attempt = 2, Status = ExecutionStatus.Completed }),
            """{"task_id":"t","attempt":2,"result":{"task_id":"t","id":"00000000-0000-0000-0000-000000000000","status":"COMPLETED","completed":true,"success":true,"stdout":"","stderr":"","output_truncated":false,"timed_out":false,"oom_killed":false,"start_time_ms":0,"end_time_ms":0,"duration_sec":0,"attempt":2,"cached":false},"type":"result"}"""
        },
        { new DrainMessage(), """{"type":"drain"}""" },
        { new LeaveMessage(), """{"type":"leave"}""" },
    };

    public static TheoryData<ServerMessage, string> FromServers() => new()
    {
        {
            new RegisteredMessage { Lease = TimeSpan.FromSeconds(15), MaxBytes = 9, Stale = [new TaskAttempt("s", 1)], Received = [new ReceivedOutput("t", 2, 3)] },
            """{"protocol":1,"lease_sec":15,"max_frame_bytes":9,"stale":[{"task_id":"s","attempt":1}],"received":[{"task_id":"t","attempt":2,"seq":3}],"type":"registered"}"""
        },
        { new RegisteredMessage(), """{"protocol":1,"max_frame_bytes":2147483647,"stale":[],"received":[],"type":"registered"}""" },
        {
            new TaskAssignment(new TaskSpec { TaskId = "t", Language = "python", Code = "print('<é>')" }, 2, [1]),
            """{"task":{"task_id":"t","language":"python","code":"print('<é>')","use_sandbox":true,"merge_output":false,"priority":0},"attempt":2,"gpu_devices":[1],"type":"run"}"""
        },
        { new CancelMessage(Attempt), """{"task_id":"t","attempt":2,"type":"cancel"}""" },
        { new DrainedMessage(), """{"type":"drain"}""" },
        { new AcknowledgedMessage(Attempt, Accepted: true), """{"task_id":"t","attempt":2,"accepted":true,"type":"result_ack"}""" },
        { new ClosedMessage("why"), """{"message":"why","type":"error"}""" },
    };

    [Theory]
    [MemberData(nameof(FromExecutors))]
    public void Message_of_an_executor_is_written_as_documented_and_read_back(ExecutorMessage message, string frame)
    {
        Assert.Equal(frame, Encoding.UTF8.GetString(FrameSocket.Write(message)));
        Assert.Equal(frame, Encoding.UTF8.GetString(FrameSocket.Write(Known(FrameReader.ReadExecutorMessage(Encoding.UTF8.GetBytes(frame))))));
    }

    [Theory]
    [MemberData(nameof(FromServers))]
    public void Message_of_a_server_is_written_as_documented_and_read_back(ServerMessage message, string frame)
    {
        Assert.Equal(frame, Encoding.UTF8.GetString(FrameSocket.Write(message)));
        Assert.Equal(frame, Encoding.UTF8.GetString(FrameSocket.Write(FrameReader.ReadServerMessage(Encoding.UTF8.GetBytes(frame)))));
    }

    [Fact]
    public void Attempt_that_was_lost_is_cancelled_as_any_other() =>
        Assert.Equal("""{"task_id":"t","attempt":2,"type":"cancel"}""", Encoding.UTF8.GetString(FrameSocket.Write(new CancelMessage(Attempt, IsLost: true))));

    [Fact]
    public void Message_that_is_not_said_by_WebSocket_is_refused() => Assert.Throws<ArgumentException>(() => FrameSocket.Write(new DisconnectedMessage()));

    [Fact]
    public void First_message_must_be_the_registration()
    {
        Assert.Contains("must be register, was leave", Assert.Throws<InvalidFrameException>(() => FrameReader.First(new LeaveMessage())).Message, StringComparison.Ordinal);
        Assert.Contains("must be registered, was drain", Assert.Throws<InvalidFrameException>(() => FrameReader.First(new DrainedMessage())).Message, StringComparison.Ordinal);
    }

    /// <summary>A result that is read gets a key of our own.</summary>
    private static ExecutorMessage Known(ExecutorMessage message) =>
        message is ResultMessage result ? result with { Result = result.Result with { Id = Guid.Empty } } : message;
}
