using System.Text.Json.Serialization;
using Executor.Scheduling;
using Executor.Tasks;

namespace Executor.Executors.Protocol;

/// <summary>The end of an attempt. To be sent again, on a new connection too, until it is acknowledged.</summary>
public sealed record ResultFrame : ExecutorFrame
{
    private const double LongestSec = 1e9;

    /// <summary>The task.</summary>
    public required string TaskId { get; init; }

    /// <summary>Its attempt.</summary>
    public required int Attempt { get; init; }

    /// <summary>What came of it.</summary>
    public required TaskResult Result { get; init; }

    /// <inheritdoc/>
    public override string Type => "result";

    /// <summary>The attempt.</summary>
    [JsonIgnore]
    public TaskAttempt Task => new(TaskId, Attempt);

    internal override IEnumerable<ValidationFault> Faults()
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
