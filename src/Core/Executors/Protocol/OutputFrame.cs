using System.Text.Json.Serialization;
using Executor.Scheduling;
using Executor.Tasks;

namespace Executor.Executors.Protocol;

/// <summary>A piece of an attempt's output.</summary>
public sealed record OutputFrame : ExecutorFrame
{
    /// <summary>The task.</summary>
    public required string TaskId { get; init; }

    /// <summary>Its attempt.</summary>
    public required int Attempt { get; init; }

    /// <summary>Which stream.</summary>
    public required OutputStream Stream { get; init; }

    /// <summary>The piece's number: pieces of an attempt, of both streams together, count from 1. One whose number is not above the last is passed over.</summary>
    public required long Seq { get; init; }

    /// <summary>The piece, as <see cref="Encoding"/> says.</summary>
    public required string Data { get; init; }

    /// <summary>How <see cref="Data"/> is written. Default: text.</summary>
    public TaskFileEncoding Encoding { get; init; }

    /// <inheritdoc/>
    public override string Type => "output";

    /// <summary>The attempt.</summary>
    [JsonIgnore]
    public TaskAttempt Task => new(TaskId, Attempt);

    /// <summary>A piece as a frame: as text where it is valid UTF-8, else as base64.</summary>
    public static OutputFrame Of(TaskAttempt task, OutputStream stream, long seq, ReadOnlySpan<byte> data)
    {
        TaskFile written = TaskFile.FromBytes(data);
        return new OutputFrame
        {
            TaskId = task.TaskId,
            Attempt = task.Attempt,
            Stream = stream,
            Seq = seq,
            Data = written.Content,
            Encoding = written.Encoding,
        };
    }

    /// <summary>The bytes of the piece.</summary>
    public byte[] ToBytes() => new TaskFile { Content = Data, Encoding = Encoding }.ToBytes();

    internal override IEnumerable<ValidationFault> Faults()
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
