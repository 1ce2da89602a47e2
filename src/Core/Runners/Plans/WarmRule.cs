using Executor.Runtimes;
using Executor.Tasks;

namespace Executor.Runners.Plans;

/// <summary>Whether a warm interpreter would show a script the same as a fresh one.</summary>
internal static class WarmRule
{
    /// <summary>Variables that the loader, the C library or OpenSSL read only when a process starts.</summary>
    private static readonly string[] ReadAtStart = ["LD_", "LC_", "LANG", "TZ", "MALLOC_", "GLIBC_", "OPENSSL_", "SSL_CERT_"];

    public static bool Allows(TaskSpec task, RuntimeDefinition runtime, IReadOnlyList<string> command)
    {
        string[]? own = runtime.Warm switch
        {
            WarmKind.ForkPython => ["PYTHON"],
            WarmKind.PrestartNode => ["NODE_", "UV_"],
            _ => null,
        };
        return own is not null
            && runtime.Flags.Count == 0 && command.Where(part => part != "{flags}").ToArray() is ["{interpreter}", var script, "{args}"] && !script.StartsWith('-')
            && !PlannedEnvironment.OfTask(task).Any(variable => IsReadAtStart(variable.Key, own));
    }

    /// <summary>NODE_ENV is read by scripts, never by Node.</summary>
    private static bool IsReadAtStart(string name, string[] own) =>
        name != "NODE_ENV" && own.Concat(ReadAtStart).Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));
}
