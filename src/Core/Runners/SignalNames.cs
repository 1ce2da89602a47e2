using System.Globalization;

namespace Executor.Runners;

/// <summary>Names of Linux signals.</summary>
public static class SignalNames
{
    private static readonly string[] Names =
    [
        "", "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGKILL", "SIGUSR1",
        "SIGSEGV", "SIGUSR2", "SIGPIPE", "SIGALRM", "SIGTERM", "SIGSTKFLT", "SIGCHLD", "SIGCONT", "SIGSTOP", "SIGTSTP",
        "SIGTTIN", "SIGTTOU", "SIGURG", "SIGXCPU", "SIGXFSZ", "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGIO", "SIGPWR", "SIGSYS",
    ];

    /// <summary>The name (<c>SIGKILL</c>), or <c>SIG</c> and the number for a real-time signal.</summary>
    public static string Of(int number) =>
        number > 0 && number < Names.Length ? Names[number] : string.Create(CultureInfo.InvariantCulture, $"SIG{number}");
}
