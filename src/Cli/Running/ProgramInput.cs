using System.Runtime.InteropServices;

namespace Executor.Cli.Running;

/// <summary>Chooses what the program reads as its standard input.</summary>
internal static partial class ProgramInput
{
    /// <summary>The file asked for, else our own standard input; null for none.</summary>
    /// <exception cref="UsageException">The file can't be read.</exception>
    public static Stream? Open(RunRequest request)
    {
        if (request.StdinFile is string path)
        {
            return OpenFile(path);
        }

        // A background job that reads the terminal is stopped by it, even if its program never wants input.
        bool isOurs = Console.IsInputRedirected || OperatingSystem.IsWindows() || TerminalGroup(0) == OwnGroup();
        return request.ReadsSourceFromInput || !isOurs ? null : Console.OpenStandardInput();
    }

    private static FileStream OpenFile(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"--stdin {path}: {(File.Exists(path) ? "can't be read" : "no such file")}");
        }
    }

    [LibraryImport("libc", EntryPoint = "tcgetpgrp")]
    private static partial int TerminalGroup(int descriptor);

    [LibraryImport("libc", EntryPoint = "getpgrp")]
    private static partial int OwnGroup();
}
