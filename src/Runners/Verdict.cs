using System.Globalization;
using Executor.Limits;
using Executor.Runners.Plans;
using Executor.Runtimes;
using Executor.Tasks;

namespace Executor.Runners;

/// <summary>What the end of a stage means for the task: the rules, in the order in which they hold.</summary>
internal static class Verdict
{
    public static TaskResult Of(
        TaskResult result, StageEnd end, TimeSpan timeout, EffectiveLimits limits, RuntimeDefinition? runtime, CallableOutcome? outcome, bool merged = false)
    {
        if (end.Reason == StageEndReason.Cancelled)
        {
            return result with
            {
                Status = ExecutionStatus.Cancelled,
                Error = TaskError.Cancelled,
            };
        }

        string said = merged ? result.Stdout : result.Stderr;
        TaskError? error = LimitError(end, timeout, limits)
            ?? outcome?.Error
            ?? (end.Exit.ExitCode != 0 ? ProgramErrorParser.Parse(runtime, end.Exit.ExitCode, end.Exit.Signal, said) : null);
        return error is null
            ? result with { Status = ExecutionStatus.Completed, Result = outcome?.Value }
            : result with { Status = ExecutionStatus.Failed, Error = LimitNames.In(error, said, limits) };
    }

    public static TaskResult OfCompile(TaskResult result, StageEnd end, TimeSpan timeout, EffectiveLimits limits)
    {
        if (end.Reason == StageEndReason.Cancelled)
        {
            return Of(result, end, timeout, limits, runtime: null, outcome: null);
        }

        TaskError? error = LimitError(end, timeout, limits) is { } limit
            ? Error(TaskErrorTypes.CompileError, $"compiling: {limit.Message}")
            : end.Exit.ExitCode != 0
                ? ProgramErrorParser.ParseCompile(end.Exit.ExitCode, end.Exit.Signal, result.Compile!.Stdout, result.Compile.Stderr)
                : null;
        return error is null ? result : result with { Status = ExecutionStatus.Failed, Error = error };
    }

    private static TaskError? LimitError(StageEnd end, TimeSpan timeout, EffectiveLimits limits)
    {
        if (end.Exit.StartError is { } problem)
        {
            return Error(TaskErrorTypes.StartFailed, $"the program could not be started: {problem}");
        }

        if (end.Reason == StageEndReason.TimedOut)
        {
            return Error(TaskErrorTypes.Timeout, Invariant($"stopped after its timeout of {timeout.TotalSeconds:0.###} s"));
        }

        if (end.Exit.OomKilled && end.Exit.ExitCode != 0)
        {
            return Error(TaskErrorTypes.OutOfMemory, Invariant($"killed for using more than its memory limit of {limits.MemoryMb} MiB (limits.memory_mb)"));
        }

        return end.Exit.CpuTimeExceeded
            ? Error(TaskErrorTypes.CpuTimeLimit, Invariant($"killed for using more than its CPU time limit of {limits.CpuTime:0.###} s (limits.cpu_time)"))
            : null;
    }

    private static TaskError Error(string type, string message) => new() { Type = type, Message = message };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
