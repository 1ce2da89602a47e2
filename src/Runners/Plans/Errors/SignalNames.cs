namespace Executor.Runners.Plans.Errors;

/// <summary>Names of Linux signals by number.</summary>
public static class SignalNames
{
    private static readonly string[] Names =
    [
        "", "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGKILL", "SIGUSR1", "SIGSEGV",
        "SIGUSR2", "SIGPIPE", "SIGALRM", "SIGTERM", "SIGSTKFLT", "SIGCHLD", "SIGCONT", "SIGSTOP", "SIGTSTP", "SIGTTIN", "SIGTTOU",
        "SIGURG", "SIGXCPU", "SIGXFSZ", "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGIO", "SIGPWR", "SIGSYS",
    ];

    /// <summary>The name (<c>SIGKILL</c>), or <c>signal 40</c> for a number without one.</summary>
    public static string Of(int number) => number > 0 && number < Names.Length ? Names[number] : $"signal {number}";

    /// <summary>What such an end usually means, in a few words; null where the name says it.</summary>
    internal static string? Meaning(int number) => number switch
    {
        4 => "illegal instruction",
        6 => "aborted",
        7 => "bad memory access",
        8 => "division by zero or the like",
        9 => "killed",
        11 => "segmentation fault",
        13 => "wrote where nobody reads any more",
        15 => "asked to end",
        24 => "CPU time limit",
        25 => "a file grew over the limit on file size",
        31 => "a system call that the sandbox refuses",
        _ => null,
    };
}
