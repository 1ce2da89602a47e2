using System.Runtime.InteropServices;
using Executor.Runners.Workspaces;

namespace Executor.Runners.Local.Plain;

/// <summary>
/// Ends what a task started, daemons included: descendants forget their parents, but they inherit an environment variable that
/// only this task's processes have. (Code that is trusted doesn't hide from it; code that isn't belongs in the sandbox.)
/// </summary>
internal static partial class ProcessTree
{
    public const string CookieVariable = "EXECUTOR_TASK_COOKIE";
    private const int SigTerm = 15;
    private const int SigKill = 9;
    private const int MostPasses = 100;
    private static readonly TimeSpan ExhaustedPause = TimeSpan.FromMilliseconds(100);

    /// <summary>SIGTERM to one process, where there are signals.</summary>
    public static void Terminate(int pid)
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = SendSignal(pid, SigTerm);
        }
    }

    /// <summary>SIGKILL to every process that carries the cookie, until none is left.</summary>
    public static void Kill(string cookie) => KillAll($"{CookieVariable}={cookie}\0");

    /// <summary>The same for every cookie that begins so.</summary>
    public static void KillBeginning(string cookie) => KillAll($"{CookieVariable}={cookie}");

    private static void KillAll(string variable)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        byte[] mark = System.Text.Encoding.ASCII.GetBytes(variable);
        // A process may fork while the list is read: again until a pass finds none (a fork bomb is bounded by the system's limits).
        for (int pass = 0; pass < MostPasses; pass++)
        {
            try
            {
                if (KillOnce(mark) == 0)
                {
                    return;
                }
            }
            catch (IOException exhausted) when (HostExhaustion.IsMeantBy(exhausted))
            {
                // No file is left to look with. What was started is not left running for that.
                Thread.Sleep(ExhaustedPause);
            }
        }
    }

    private static int KillOnce(byte[] mark)
    {
        int found = 0;
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out int pid) || pid == Environment.ProcessId)
            {
                continue;
            }

            try
            {
                if (File.ReadAllBytes(Path.Combine(folder, "environ")).AsSpan().IndexOf(mark) >= 0 && SendSignal(pid, SigKill) == 0)
                {
                    found++;
                }
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException && !HostExhaustion.IsMeantBy(gone))
            {
                // It ended meanwhile, or is another user's and so not ours.
            }
        }

        return found;
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int pid, int signal);
}
