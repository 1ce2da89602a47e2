using Executor.Tasks;

namespace Executor.Runners.Plans.Errors;

/// <summary>The error where no exception was printed: the signal or the exit code, with the last thing said.</summary>
internal static class EndErrors
{
    private const int FirstSignalCode = 128;
    private const int LastSignal = 64;

    public static TaskError Of(ProgramEnd end)
    {
        string said = end.Text.LastLine is string line ? $": {line}" : "";
        return end.Signal is int signal
            ? new TaskError { Type = TaskErrorTypes.Signal, Message = $"the program was ended by {Describe(signal)}{said}" }
            : new TaskError { Type = TaskErrorTypes.ExitCode, Message = $"the program ended with exit code {end.ExitCode}{Hint(end.ExitCode)}{said}" };
    }

    private static string Describe(int signal) =>
        SignalNames.Of(signal) + (SignalNames.Meaning(signal) is string meaning ? $" ({meaning})" : "");

    /// <summary>A shell tells so what ended the program that it started.</summary>
    private static string Hint(int exitCode) => exitCode is > FirstSignalCode and <= FirstSignalCode + LastSignal
        ? $" (128 + {exitCode - FirstSignalCode}: {Describe(exitCode - FirstSignalCode)})"
        : "";
}
