using System.ComponentModel;
using Executor.Tasks;

namespace Executor.Runners.Workspaces;

/// <summary>A machine that has no more processes, memory or open files: no fault of the task that comes just then.</summary>
public static class HostExhaustion
{
    // errno(3), with the same numbers on every Linux.
    private const int Again = 11;
    private const int NoMemory = 12;
    private const int TooManyFilesInSystem = 23;
    private const int TooManyFiles = 24;

    /// <summary>Whether it is why something could not be started, read or written.</summary>
    public static bool IsMeantBy(Exception failed) => OperatingSystem.IsLinux() && NumberOf(failed) is Again or NoMemory or TooManyFilesInSystem or TooManyFiles;

    /// <summary>The fault of our machinery that it is.</summary>
    /// <param name="problem">What could not be done, and the system's word for why.</param>
    public static RunnerException Of(string problem) => new(TaskErrorTypes.HostExhausted, $"The host has no room for another process: {problem}");

    private static int NumberOf(Exception failed) => failed switch
    {
        Win32Exception native => native.NativeErrorCode,
        IOException => failed.HResult, // on Unix it is that number
        _ => 0,
    };
}
