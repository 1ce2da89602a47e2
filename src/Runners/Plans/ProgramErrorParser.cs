using Executor.Runners.Plans.Errors;
using Executor.Runtimes;
using Executor.Tasks;

namespace Executor.Runners.Plans;

/// <summary>
/// Tells why a program failed from what it left: its exit code or signal and its standard error, which each language writes its
/// uncaught exceptions to in its own way. Pure, and never throws, whatever the text.
/// </summary>
public static class ProgramErrorParser
{
    /// <summary>The error of a program that did not succeed.</summary>
    /// <param name="runtime">What ran it; null for a command.</param>
    /// <param name="exitCode">Its exit code; 128 + n when signal n ended it.</param>
    /// <param name="signal">Number of the signal that ended it, else null.</param>
    /// <param name="stderr">Its standard error.</param>
    /// <returns>
    /// The exception with its type as the language prints it; else <see cref="TaskErrorTypes.OutOfMemory"/> where the runtime itself
    /// says so, <see cref="TaskErrorTypes.Signal"/> or <see cref="TaskErrorTypes.ExitCode"/>.
    /// </returns>
    public static TaskError Parse(RuntimeDefinition? runtime, int exitCode, int? signal, string stderr)
    {
        var end = new ProgramEnd(exitCode, signal, new ErrorText(stderr));
        return runtime?.Family switch
        {
            "python" => PythonErrors.Find(end),
            "node" => NodeErrors.Find(end),
            "ruby" => RubyErrors.Find(end),
            "perl" => PerlErrors.Find(end),
            "php" => PhpErrors.Find(end),
            "java" => JavaErrors.Find(end),
            "go" => GoErrors.Find(end),
            "rust" => RustErrors.Find(end),
            "csharp" => CSharpErrors.Find(end),
            "c" or "cpp" => CErrors.Find(end),
            _ => null,
        } ?? EndErrors.Of(end);
    }

    /// <summary>The error of a compile stage that did not succeed: its message is the compiler's first complaint.</summary>
    /// <param name="exitCode">Its exit code; 128 + n when signal n ended it.</param>
    /// <param name="signal">Number of the signal that ended it, else null.</param>
    /// <param name="stdout">Its standard output: some compilers complain there.</param>
    /// <param name="stderr">Its standard error.</param>
    public static TaskError ParseCompile(int exitCode, int? signal, string stdout, string stderr)
    {
        string? complaint = ErrorText.FirstComplaint(stderr) ?? ErrorText.FirstComplaint(stdout);
        string ended = signal is int number ? $"was ended by {SignalNames.Of(number)}" : $"ended with exit code {exitCode}";
        return new TaskError { Type = TaskErrorTypes.CompileError, Message = complaint ?? $"the compiler {ended} and said nothing" };
    }
}
