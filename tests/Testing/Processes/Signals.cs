using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Executor.Testing;

/// <summary>Signals to processes of this machine. A kill and a stop have had their effect when these methods end, or the test fails.</summary>
public static partial class Signals
{
    private const int Kill = 9;
    private const int Continue = 18;
    private const int Stop = 19;
    private const int KilledExitCode = 128 + Kill;
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(30);

    /// <summary>Ends a child of this process as a crash does. Fails if it had ended by itself.</summary>
    public static async Task KillAsync(Process process)
    {
        Assert.False(process.HasExited, "What was to be killed had ended by itself.");
        process.Kill();
        await process.WaitForExitAsync().WaitAsync(TimeLimit);
        Assert.Equal(KilledExitCode, process.ExitCode);
    }

    /// <summary>Ends processes as a crash does, all of them before any end is waited for. Fails if there is none, or one had ended by itself.</summary>
    public static async Task KillAsync(params IReadOnlyCollection<int> processes)
    {
        Assert.NotEmpty(processes);
        Assert.All(processes, process => Send(process, Kill));
        await EndedAsync(processes);
    }

    /// <summary>Ends those of the processes that still run. For what may end by itself meanwhile, and for cleaning up.</summary>
    public static Task EndAsync(params IReadOnlyCollection<int> processes)
    {
        foreach (int process in processes)
        {
            _ = KillProcess(process, Kill);
        }

        return EndedAsync(processes);
    }

    /// <summary>Ends a child of this process that may still run, with all below it. For cleaning up.</summary>
    public static async Task EndAsync(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync().WaitAsync(TimeLimit);
        }
    }

    /// <summary>Asks a process to end, as Ctrl+C (<c>INT</c>) or an init system (<c>TERM</c>) does. Fails if it had ended by itself.</summary>
    public static void Ask(int process, string signal) => Send(process, signal switch
    {
        "INT" => 2,
        "TERM" => 15,
        _ => throw new ArgumentOutOfRangeException(nameof(signal), signal, "A signal that asks."),
    });

    /// <summary>Has processes stand still.</summary>
    public static async Task StopAsync(params IReadOnlyCollection<int> processes)
    {
        Assert.NotEmpty(processes);
        Assert.All(processes, process => Send(process, Stop));
        await Poll.UntilAsync($"{Name(processes)} stand still", () => processes.All(HostProcesses.IsStopped), TimeLimit);
    }

    /// <summary>Has processes that stand still go on; those that have ended meanwhile are left alone.</summary>
    public static async Task ContinueAsync(params IReadOnlyCollection<int> processes)
    {
        foreach (int process in processes)
        {
            _ = KillProcess(process, Continue);
        }

        await Poll.UntilAsync($"{Name(processes)} go on", () => !processes.Any(HostProcesses.IsStopped), TimeLimit);
    }

    private static void Send(int process, int signal)
    {
        Assert.False(HostProcesses.HasEnded(process), $"Process {process} had ended before it got signal {signal}.");
        Assert.True(KillProcess(process, signal) == 0, $"Process {process} could not get signal {signal}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    private static Task EndedAsync(IReadOnlyCollection<int> processes) =>
        Poll.UntilAsync($"{Name(processes)} have ended", () => processes.All(HostProcesses.HasEnded), TimeLimit);

    private static string Name(IEnumerable<int> processes) => $"the processes {string.Join(", ", processes)}";

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int KillProcess(int process, int signal);
}
