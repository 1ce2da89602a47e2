using Executor.Tasks;

namespace Executor.Runners.Workspaces;

/// <summary>A started process and its descendants. Disposing it ends what still runs of them.</summary>
public interface IRunningProcess : IAsyncDisposable
{
    /// <summary>Its standard input; closing it is end of file. Writes after the process ended are dropped.</summary>
    Stream StandardInput { get; }

    /// <summary>
    /// Completes when the process has ended, everything it and its descendants had written has been given to the receiver, and
    /// its descendants are gone.
    /// </summary>
    /// <exception cref="RunnerException">Our own machinery failed before the end could be learned.</exception>
    /// <exception cref="Exception">Whatever <see cref="ProcessSpec.Output"/> threw.</exception>
    Task<ProcessExit> WaitAsync(CancellationToken cancellationToken);

    /// <summary>Asks politely (SIGTERM to the process), or ends the whole tree at once. No error if it has ended.</summary>
    Task StopAsync(StopMode mode, CancellationToken cancellationToken);

    /// <summary>How many processes the memory limit has ended so far; null where it can't be told while the process runs, or the process has ended.</summary>
    Task<long?> CountMemoryKillsAsync(CancellationToken cancellationToken) => Task.FromResult<long?>(null);
}

/// <summary>How to stop a process.</summary>
public enum StopMode
{
    /// <summary>SIGTERM to the process, which may clean up or ignore it.</summary>
    Polite,

    /// <summary>SIGKILL to the process and every descendant, daemonised ones included.</summary>
    KillTree,
}

/// <summary>How a process ended.</summary>
public sealed record ProcessExit
{
    /// <summary>Exit code; 128 + n when signal n ended it.</summary>
    public required int ExitCode { get; init; }

    /// <summary>Number of the signal that ended it, else null.</summary>
    public int? Signal { get; init; }

    /// <summary>Whether the memory limit ended it.</summary>
    public bool OomKilled { get; init; }

    /// <summary>Whether the CPU time limit ended it.</summary>
    public bool CpuTimeExceeded { get; init; }

    /// <summary>CPU time of the tree in seconds; null where it can't be told.</summary>
    public double? CpuTimeSec { get; init; }

    /// <summary>Largest memory of the tree in MiB; null where it can't be told.</summary>
    public double? PeakMemoryMb { get; init; }

    /// <summary>Why the program could not be started (not found, not executable); null when it was.</summary>
    public string? StartError { get; init; }
}
