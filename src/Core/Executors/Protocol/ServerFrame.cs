using Executor.Scheduling;
using Executor.Tasks;

namespace Executor.Executors.Protocol;

/// <summary>A <see cref="ServerMessage"/> as it is written; <c>docs/executor-protocol.md</c> describes the fields.</summary>
internal abstract record ServerFrame
{
    /// <summary>Which frame it is.</summary>
    public abstract string Type { get; }

    /// <summary>What it says.</summary>
    public abstract ServerMessage ToMessage();

    /// <summary>How a message is written.</summary>
    public static ServerFrame Of(ServerMessage message) => message switch
    {
        RegisteredMessage registered => new RegisteredFrame
        {
            LeaseSec = registered.Lease?.TotalSeconds,
            MaxFrameBytes = registered.MaxBytes,
            Stale = registered.Stale,
            Received = registered.Received,
        },
        TaskAssignment run => new RunFrame { Task = run.Spec, Attempt = run.Attempt, GpuDevices = run.GpuDevices },
        CancelMessage cancel => new CancelFrame(cancel.Task.TaskId, cancel.Task.Attempt),
        DrainedMessage => new ServerDrainFrame(),
        AcknowledgedMessage acknowledged => new ResultAckFrame(acknowledged.Task.TaskId, acknowledged.Task.Attempt, acknowledged.Accepted),
        ClosedMessage closed => new ErrorFrame(closed.Reason),
        _ => throw new ArgumentException($"{message.GetType().Name} is not said by WebSocket.", nameof(message)),
    };

    // Members that have a default are settable: the JSON source generator resets init-only ones that the JSON does not name.
    internal sealed record RegisteredFrame : ServerFrame
    {
        public int Protocol { get; set; } = ExecutorProtocol.Version;

        public double? LeaseSec { get; init; }

        public int MaxFrameBytes { get; set; } = int.MaxValue;

        public IReadOnlyList<TaskAttempt> Stale { get; set; } = [];

        public IReadOnlyList<ReceivedOutput> Received { get; set; } = [];

        public override string Type => "registered";

        public override ServerMessage ToMessage() => new RegisteredMessage
        {
            Lease = LeaseSec is double seconds ? TimeSpan.FromSeconds(seconds) : null,
            MaxBytes = MaxFrameBytes,
            Stale = Stale,
            Received = Received,
        };
    }

    internal sealed record RunFrame : ServerFrame
    {
        public required TaskSpec Task { get; init; }

        public required int Attempt { get; init; }

        public IReadOnlyList<int> GpuDevices { get; set; } = [];

        public override string Type => "run";

        public override ServerMessage ToMessage() => new TaskAssignment(Task, Attempt, GpuDevices);
    }

    internal sealed record CancelFrame(string TaskId, int Attempt) : ServerFrame
    {
        public override string Type => "cancel";

        public override ServerMessage ToMessage() => new CancelMessage(new TaskAttempt(TaskId, Attempt));
    }

    internal sealed record ServerDrainFrame : ServerFrame
    {
        public override string Type => "drain";

        public override ServerMessage ToMessage() => new DrainedMessage();
    }

    internal sealed record ResultAckFrame(string TaskId, int Attempt, bool Accepted) : ServerFrame
    {
        public override string Type => "result_ack";

        public override ServerMessage ToMessage() => new AcknowledgedMessage(new TaskAttempt(TaskId, Attempt), Accepted);
    }

    /// <summary>Why the server closes the connection, which it does next; with which code tells what the executor is to do.</summary>
    internal sealed record ErrorFrame(string Message) : ServerFrame
    {
        public override string Type => "error";

        public override ServerMessage ToMessage() => new ClosedMessage(Message);
    }
}
