using Executor.Tasks;

namespace Executor.Execution;

/// <summary>Something that a watcher of a task is told. Closed: the cases below are all there are.</summary>
public abstract record TaskEvent
{
    private protected TaskEvent()
    {
    }
}

/// <summary>A piece of output.</summary>
/// <param name="Position">The place after this piece: resuming there continues with the next.</param>
/// <param name="Stream">Which stream.</param>
/// <param name="Text">The text; invalid UTF-8 is replaced by U+FFFD, and no character is cut in two.</param>
public sealed record TaskOutput(OutputPosition Position, OutputStream Stream, string Text) : TaskEvent;

/// <summary>The task has ended; nothing follows.</summary>
/// <param name="Result">What came of it.</param>
public sealed record OutputEnded(TaskResult Result) : TaskEvent;
