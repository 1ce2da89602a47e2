using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Executor.Cli;

/// <summary>
/// Our own standard input as a stream of bytes. (<see cref="Console.OpenStandardInput()"/> also sets up the terminal, and writes
/// control sequences to it among the program's output.)
/// </summary>
internal static partial class StandardInput
{
    /// <summary>Opens it; closing the stream leaves it open.</summary>
    public static Stream Open() => OperatingSystem.IsWindows()
        ? Console.OpenStandardInput()
        : new FileStream(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, bufferSize: 0);

    /// <summary>Whether reading it stops us: a background job that reads its terminal is halted, even if its program never wants input.</summary>
    public static bool IsOthers => !OperatingSystem.IsWindows() && TerminalGroup(0) is int group and not -1 && group != OwnGroup();

    [LibraryImport("libc", EntryPoint = "tcgetpgrp")]
    private static partial int TerminalGroup(int descriptor);

    [LibraryImport("libc", EntryPoint = "getpgrp")]
    private static partial int OwnGroup();
}
