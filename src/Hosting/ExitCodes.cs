namespace Executor.Hosting;

/// <summary>What the process's exit code says, beside the program's own codes that <c>run</c> hands on.</summary>
public static class ExitCodes
{
    public const int Success = 0;

    /// <summary>A task failed without an exit code of its own, or some task of a batch failed.</summary>
    public const int Failed = 1;

    /// <summary>The command line, a task or the configuration is not valid.</summary>
    public const int BadUsage = 2;

    /// <summary>What was asked for is not there yet: the task has not ended. Trying again later may do.</summary>
    public const int NotEnded = 75;

    /// <summary>The task's wall-clock timeout was reached.</summary>
    public const int Timeout = 124;

    /// <summary>Our own machinery failed.</summary>
    public const int OwnFailure = 125;

    /// <summary>The program is not there or can't be executed: what a shell says.</summary>
    public const int CannotStart = 127;

    /// <summary>Nobody reads our output any more: what SIGPIPE would have given.</summary>
    public const int BrokenPipe = SignalBase + 13;

    /// <summary>SIGKILL, which is how limits end a program.</summary>
    public const int Killed = SignalBase + 9;

    /// <summary>Ctrl-C.</summary>
    public const int Interrupted = SignalBase + 2;

    /// <summary>Added to a signal's number.</summary>
    public const int SignalBase = 128;
}
