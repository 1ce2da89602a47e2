using System.Globalization;
using System.Text.Json;
using Executor.Limits;
using Executor.Runners.Plans.Errors;
using Executor.Runners.Workspaces;
using Executor.Tasks;

namespace Executor.Runners.Interpreters;

/// <summary>How an interpreter ended that has been replaced.</summary>
/// <param name="Why">Killed by us, ended by itself, or broken: its connection to us was closed or written to.</param>
/// <param name="ExitCode">Its exit code, where no signal ended it.</param>
/// <param name="Signal">Number of the signal that ended it; 0: none.</param>
/// <param name="Idle">Whether that was before the code came, which was not executed then.</param>
internal sealed record InterpreterLoss(InterpreterLossCause Why, int ExitCode, int Signal, bool Idle)
{
    private const int SigKill = 9;
    private const int SigXCpu = 24;

    /// <summary>Whether it may have been the memory limit.</summary>
    public bool MayBeMemory => Why == InterpreterLossCause.Ended && Signal == SigKill;

    /// <exception cref="JsonException">It is not what <c>session.py</c> says.</exception>
    public static InterpreterLoss Parse(ReadOnlyMemory<byte> json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        JsonElement loss = document.RootElement;
        return new InterpreterLoss(
            loss.GetProperty("why").GetString() switch
            {
                "killed" => InterpreterLossCause.Killed,
                "broken" => InterpreterLossCause.Broken,
                _ => InterpreterLossCause.Ended,
            },
            loss.GetProperty("exit_code").GetInt32(),
            loss.GetProperty("signal").GetInt32(),
            loss.GetProperty("idle").GetBoolean());
    }

    /// <summary>All of it ended, not the interpreter only.</summary>
    public static InterpreterLoss Of(ProcessExit exit, bool idle) =>
        new(InterpreterLossCause.Ended, exit.Signal is null ? exit.ExitCode : 0, exit.Signal ?? 0, idle);

    /// <summary>What it means for the code.</summary>
    /// <param name="limits">What holds for it.</param>
    /// <param name="outOfMemory">Whether the memory limit ended it.</param>
    public TaskError ErrorOf(EffectiveLimits limits, bool outOfMemory)
    {
        (string type, string how) = outOfMemory ? (TaskErrorTypes.OutOfMemory, Invariant($"killed for using more than its memory limit of {limits.MemoryMb} MiB"))
            : Why == InterpreterLossCause.Broken ? (TaskErrorTypes.ResultError, "ended because code closed or wrote to a file descriptor that is not its own")
            : Why == InterpreterLossCause.Killed ? (TaskErrorTypes.Signal, "killed")
            : Signal == SigXCpu ? (TaskErrorTypes.CpuTimeLimit, Invariant($"killed for using more than its CPU time limit of {limits.CpuTime:0.###} s"))
            : Signal > 0 ? (TaskErrorTypes.Signal, SignalNames.Meaning(Signal) is { } meaning ? $"ended by {SignalNames.Of(Signal)}: {meaning}" : $"ended by {SignalNames.Of(Signal)}")
            : (TaskErrorTypes.ExitCode, $"ended with exit code {ExitCode}");
        return new TaskError
        {
            Type = type,
            Message = Idle
                ? $"the interpreter was {how}, after the last execution; this code was not executed, and there is a new interpreter now"
                : $"the interpreter was {how}; there is a new one now",
        };
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Why an interpreter was replaced.</summary>
internal enum InterpreterLossCause
{
    /// <summary>It ended.</summary>
    Ended,

    /// <summary>We ended it.</summary>
    Killed,

    /// <summary>It could not be spoken to any more.</summary>
    Broken,
}
