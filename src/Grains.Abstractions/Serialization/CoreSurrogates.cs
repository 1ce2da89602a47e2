using Executor.Execution;
using Executor.Scheduling;
using Executor.Storage;

namespace Executor.Grains.Serialization;

/// <summary>How a <see cref="TaskAttempt"/> crosses a grain call.</summary>
[GenerateSerializer, Immutable, Alias("executor.attempt")]
internal record struct AttemptSurrogate([property: Id(0)] string TaskId, [property: Id(1)] int Attempt);

[RegisterConverter]
internal sealed class AttemptConverter : IConverter<TaskAttempt, AttemptSurrogate>
{
    public TaskAttempt ConvertFromSurrogate(in AttemptSurrogate surrogate) => new(surrogate.TaskId, surrogate.Attempt);

    public AttemptSurrogate ConvertToSurrogate(in TaskAttempt value) => new(value.TaskId, value.Attempt);
}

/// <summary>How an <see cref="OutputPosition"/> crosses a grain call.</summary>
[GenerateSerializer, Immutable, Alias("executor.position")]
internal record struct PositionSurrogate([property: Id(0)] int Attempt, [property: Id(1)] int Stdout, [property: Id(2)] int Stderr);

[RegisterConverter]
internal sealed class PositionConverter : IConverter<OutputPosition, PositionSurrogate>
{
    public OutputPosition ConvertFromSurrogate(in PositionSurrogate surrogate) => new(surrogate.Attempt, surrogate.Stdout, surrogate.Stderr);

    public PositionSurrogate ConvertToSurrogate(in OutputPosition value) => new(value.Attempt, value.Stdout, value.Stderr);
}

/// <summary>How a <see cref="TaskCursor"/> crosses a grain call.</summary>
[GenerateSerializer, Immutable, Alias("executor.cursor")]
internal record struct CursorSurrogate([property: Id(0)] long SubmittedAtMs, [property: Id(1)] long Sequence);

[RegisterConverter]
internal sealed class CursorConverter : IConverter<TaskCursor, CursorSurrogate>
{
    public TaskCursor ConvertFromSurrogate(in CursorSurrogate surrogate) => new(surrogate.SubmittedAtMs, surrogate.Sequence);

    public CursorSurrogate ConvertToSurrogate(in TaskCursor value) => new(value.SubmittedAtMs, value.Sequence);
}
