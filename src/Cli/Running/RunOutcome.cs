using Executor.Hosting;
using Executor.Tasks;

namespace Executor.Cli.Running;

/// <summary>What a result means for the caller of <c>run</c>.</summary>
internal static class RunOutcome
{
    /// <summary>The exit code that hands the result on.</summary>
    public static int ExitCodeOf(TaskResult result) => result switch
    {
        { Success: true } => result.ExitCode ?? ExitCodes.Success,
        { Status: ExecutionStatus.Cancelled } => ExitCodes.Interrupted,
        { TimedOut: true } => ExitCodes.Timeout,
        { IsInfrastructureFailure: true } or { Error.Type: TaskErrorTypes.RuntimeEnv } => ExitCodes.OwnFailure,
        { Error.Type: TaskErrorTypes.StartFailed } => ExitCodes.CannotStart,
        { Error.Type: TaskErrorTypes.InvalidTask } => ExitCodes.BadUsage,
        { ExitCode: int code and not 0 } => code,
        { Compile.ExitCode: int code and not 0 } => code,
        { OomKilled: true } or { Error.Type: TaskErrorTypes.CpuTimeLimit } => ExitCodes.Killed,
        _ => ExitCodes.Failed,
    };

    /// <summary>Why it failed, if the program can't have said so itself; else null.</summary>
    public static string? ExplanationOf(TaskResult result) => result.Error switch
    {
        null => null,
        // The program ended by its own choice: what it printed is the explanation.
        { Type: TaskErrorTypes.ExitCode } => null,
        { Type: TaskErrorTypes.CompileError } error when result.Compile is StageResult compile && IsPrinted(error.Message, compile.Stderr + compile.Stdout) => null,
        // The traceback is: see TracebackOf.
        { Traceback: not null } => null,
        { } error when IsOurs(error.Type) => error.Message,
        { } error => IsPrinted(error.Message, SaidBy(result)) ? null : $"{error.Type}: {error.Message}",
    };

    /// <summary>The traceback of the user's code where the program did not print it; else null.</summary>
    public static string? TracebackOf(TaskResult result) =>
        result.Error?.Traceback is string traceback && !IsPrinted(traceback, SaidBy(result)) ? traceback.TrimEnd() : null;

    private static bool IsOurs(string type) => type switch
    {
        TaskErrorTypes.Signal or TaskErrorTypes.StartFailed or TaskErrorTypes.Timeout or TaskErrorTypes.CpuTimeLimit or TaskErrorTypes.OutOfMemory
            or TaskErrorTypes.CompileError or TaskErrorTypes.ResultError or TaskErrorTypes.Cancelled
            or TaskErrorTypes.Dependency or TaskErrorTypes.InvalidTask or TaskErrorTypes.RuntimeEnv => true,
        _ => type.StartsWith(TaskErrorTypes.InfrastructurePrefix, StringComparison.Ordinal),
    };

    /// <summary>Its standard error, or what that was made one with.</summary>
    private static string SaidBy(TaskResult result) => result.Stderr.Length > 0 ? result.Stderr : result.Stdout;

    private static bool IsPrinted(string text, string stderr)
    {
        ReadOnlySpan<char> last = text.AsSpan().TrimEnd();
        last = last[(last.LastIndexOf('\n') + 1)..];
        return stderr.AsSpan().IndexOf(last, StringComparison.Ordinal) >= 0;
    }
}
