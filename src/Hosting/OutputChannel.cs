using System.Runtime.InteropServices;
using System.Text;

namespace Executor.Hosting;

/// <summary>
/// Our standard output or standard error as a place for bytes: unbuffered, and it tells when the reader has gone.
/// (<see cref="Console.OpenStandardOutput()"/> hides a closed pipe, so that a program piped into <c>head</c> would run for ever.)
/// </summary>
public sealed unsafe partial class OutputChannel(int descriptor)
{
    private const int InterruptedCall = 4;
    private const int BrokenPipe = 32;
    private const short Writable = 4;

    private readonly Stream? _console = OperatingSystem.IsWindows()
        ? descriptor == 1 ? Console.OpenStandardOutput() : Console.OpenStandardError()
        : null;

    /// <summary>Standard output.</summary>
    public static OutputChannel Stdout { get; } = new(1);

    /// <summary>Standard error.</summary>
    public static OutputChannel Stderr { get; } = new(2);

    /// <summary>Whether our two streams are one terminal, pipe or file, so that whoever reads it sees in which order they were written. Known on Linux.</summary>
    public static bool StandardStreamsAreOne => OperatingSystem.IsLinux()
        && TargetOf(1) is string stdout && stdout == TargetOf(2) && stdout != "/dev/null";

    /// <summary>Writes all of it.</summary>
    /// <exception cref="BrokenPipeException">Nobody reads it any more.</exception>
    /// <exception cref="IOException">It can't be written: the disk is full, for one.</exception>
    public void Write(ReadOnlySpan<byte> data)
    {
        if (_console is not null)
        {
            _console.Write(data);
            return;
        }

        fixed (byte* start = data)
        {
            for (int written = 0; written < data.Length;)
            {
                nint count = NativeWrite(descriptor, start + written, data.Length - written);
                if (count >= 0)
                {
                    written += (int)count;
                }
                else
                {
                    WaitOrThrow(Marshal.GetLastPInvokeError());
                }
            }
        }
    }

    /// <summary>Writes lines of text.</summary>
    /// <exception cref="IOException">As for <see cref="Write"/>.</exception>
    public void WriteLines(IEnumerable<string> lines) => Write(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))));

    private void WaitOrThrow(int error)
    {
        switch (error)
        {
            case InterruptedCall:
                break;
            case BrokenPipe:
                throw new BrokenPipeException();
            case var _ when error == WouldBlock:
                // Somebody who shares our terminal or pipe made it non-blocking.
                PollTarget target = new() { Descriptor = descriptor, Events = Writable };
                _ = NativePoll(&target, 1, -1);
                break;
            default:
                throw new IOException(
                    $"can't write to standard {(descriptor == 1 ? "output" : "error")}: {Marshal.GetPInvokeErrorMessage(error)}");
        }
    }

    /// <summary>What names the open file: a path, or kind and inode of what has none.</summary>
    private static string? TargetOf(int descriptor)
    {
        try
        {
            return new FileInfo($"/proc/self/fd/{descriptor}").LinkTarget;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static int WouldBlock => OperatingSystem.IsMacOS() ? 35 : 11;

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint NativeWrite(int descriptor, byte* data, nint length);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int NativePoll(PollTarget* targets, uint count, int timeout);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollTarget
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}

/// <summary>Whoever read our output has gone.</summary>
public sealed class BrokenPipeException() : IOException("nobody reads the output any more");
