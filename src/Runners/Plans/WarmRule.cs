using Executor.Runtimes;
using Executor.Tasks;

namespace Executor.Runners.Plans;

/// <summary>Whether a warm interpreter would show a script the same as a fresh one.</summary>
internal static class WarmRule
{
    /// <summary>An option that a Node started ahead is given as well: it is heeded only at the start.</summary>
    private const string NodeStack = "--stack-size=";

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
        return own is not null && runtime.Flags.Count == 0
            && !(task.MergeOutput && runtime.Warm == WarmKind.PrestartNode) // which has its streams already
            && command[0] == "{interpreter}"
            && command.Skip(1).Where(part => part != "{flags}").Skip(Options(runtime, command).Count).ToArray() is [var script, "{args}"] && !script.StartsWith('-')
            && !PlannedEnvironment.OfTask(task).Any(variable => IsReadAtStart(variable.Key, own));
    }

    /// <summary>What a command gives the interpreter before the script, and a warm one must have been started with; empty but for Node's stack.</summary>
    public static IReadOnlyList<string> Options(RuntimeDefinition runtime, IReadOnlyList<string> command) => runtime.Warm == WarmKind.PrestartNode
        ? [.. command.Skip(1).TakeWhile(part => part.StartsWith(NodeStack, StringComparison.Ordinal))]
        : [];

    /// <summary>NODE_ENV is read by scripts, never by Node.</summary>
    private static bool IsReadAtStart(string name, string[] own) =>
        name != "NODE_ENV" && own.Concat(ReadAtStart).Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));
}
