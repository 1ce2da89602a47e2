namespace Executor.Http.Wire;

/// <summary>A piece of a task's output: the data of the events <c>stdout</c> and <c>stderr</c>.</summary>
/// <param name="Text">The text; invalid UTF-8 is replaced by U+FFFD, and no character is cut in two.</param>
public sealed record OutputPiece(string Text);
