using Executor.Tasks;

namespace Executor.Runners.Plans.Errors;

/// <summary>How a program ended and what it said.</summary>
internal sealed record ProgramEnd(int ExitCode, int? Signal, ErrorText Text)
{
    private const int Abort = 6;

    public string[] Lines => Text.Lines;

    /// <summary>Whether it gave up by itself: SIGABRT, seen directly or through a shell.</summary>
    public bool Aborted => Signal == Abort || (Signal is null && ExitCode == 128 + Abort);

    public static TaskError OutOfMemory(string message) => new() { Type = TaskErrorTypes.OutOfMemory, Message = message };
}
