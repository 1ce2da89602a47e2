using Executor.Scheduling;
using Executor.Tasks;

namespace Executor.Executors.Protocol;

/// <summary>An <see cref="ExecutorMessage"/> as it is written; <c>docs/executor-protocol.md</c> describes the fields.</summary>
internal abstract record ExecutorFrame
{
    private const double LongestSec = 1e9;

    /// <summary>Which frame it is.</summary>
    public abstract string Type { get; }

    /// <summary>What it says.</summary>
    public abstract ExecutorMessage ToMessage();

    /// <summary>What is wrong with its values, by the wire's field names.</summary>
    public virtual IEnumerable<ValidationFault> Faults() => [];

    /// <summary>How a message is written.</summary>
    /// <exception cref="ArgumentException">It is none that is said by WebSocket.</exception>
    public static ExecutorFrame Of(ExecutorMessage message) => message switch
    {
        RegisterMessage register => RegisterFrame.Of(register.Registration, register.Running),
        HeartbeatMessage heartbeat => new HeartbeatFrame(heartbeat.Running),
        OutputMessage output => OutputFrame.Of(output, TaskFile.FromBytes(output.Data.Span)),
        ResultMessage result => new ResultFrame(result.Task.TaskId, result.Task.Attempt, result.Result),
        DrainMessage => new DrainFrame(),
        LeaveMessage => new LeaveFrame(),
        _ => throw new ArgumentException($"{message.GetType().Name} is not said by WebSocket.", nameof(message)),
    };

    internal sealed record HeartbeatFrame(IReadOnlyList<TaskAttempt> Running) : ExecutorFrame
    {
        public override string Type => "heartbeat";

        public override ExecutorMessage ToMessage() => new HeartbeatMessage(Running);

        public override IEnumerable<ValidationFault> Faults() => AttemptFaults.Of(Running, "running");
    }

    internal sealed record OutputFrame(string TaskId, int Attempt, OutputStream Stream, long Seq, string Data) : ExecutorFrame
    {
        public TaskFileEncoding Encoding { get; init; }

        public override string Type => "output";

        /// <summary>As text where it is valid UTF-8, else as base64.</summary>
        public static OutputFrame Of(OutputMessage output, TaskFile written) =>
            new(output.Task.TaskId, output.Task.Attempt, output.Stream, output.Seq, written.Content) { Encoding = written.Encoding };

        public override ExecutorMessage ToMessage() =>
            new OutputMessage(new TaskAttempt(TaskId, Attempt), Stream, new TaskFile { Content = Data, Encoding = Encoding }.ToBytes()) { Seq = Seq };

        public override IEnumerable<ValidationFault> Faults()
        {
            foreach (ValidationFault fault in AttemptFaults.Of(TaskId, Attempt))
            {
                yield return fault;
            }

            if (Seq < 1)
            {
                yield return new ValidationFault("seq", $"is {Seq}; the pieces of an attempt count from 1");
            }

            if (Encoding == TaskFileEncoding.Base64 && !System.Buffers.Text.Base64.IsValid(Data))
            {
                yield return new ValidationFault("data", "is not base64, which encoding says it is");
            }
        }
    }

    internal sealed record ResultFrame(string TaskId, int Attempt, TaskResult Result) : ExecutorFrame
    {
        public override string Type => "result";

        // The key of the stored result is the server's to choose: a stranger's might be that of another result.
        public override ExecutorMessage ToMessage() => new ResultMessage(
            new TaskAttempt(TaskId, Attempt), Result with { Id = Guid.CreateVersion7(), TaskId = TaskId, Attempt = Attempt, Cached = false });

        public override IEnumerable<ValidationFault> Faults()
        {
            foreach (ValidationFault fault in AttemptFaults.Of(TaskId, Attempt))
            {
                yield return fault;
            }

            if (!Result.Status.IsFinal())
            {
                yield return new ValidationFault("result.status", "is that of a task which has not ended; it must be COMPLETED, FAILED or CANCELLED");
            }

            // Clocks and sums that are far out would spoil the figures of all tasks.
            if (Result.DurationSec is < 0 or > LongestSec)
            {
                yield return new ValidationFault("result.duration_sec", "must be a number of seconds, 0 or more");
            }

            foreach ((string field, long value) in new[] { ("start_time_ms", Result.StartTimeMs), ("end_time_ms", Result.EndTimeMs) })
            {
                if (value < 0 || value > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
                {
                    yield return new ValidationFault($"result.{field}", "must be milliseconds since 1970, UTC");
                }
            }
        }
    }

    internal sealed record DrainFrame : ExecutorFrame
    {
        public override string Type => "drain";

        public override ExecutorMessage ToMessage() => new DrainMessage();
    }

    internal sealed record LeaveFrame : ExecutorFrame
    {
        public override string Type => "leave";

        public override ExecutorMessage ToMessage() => new LeaveMessage();
    }
}
