using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Executor.Runners.Local.Plain;

/// <summary>Opens a file only if it is a regular one: opening a FIFO the ordinary way would wait for a writer for ever.</summary>
internal static partial class RegularFile
{
    private const int NonBlockingLinux = 0x800;
    private const int NonBlockingMac = 0x4;

    /// <returns>Null for a FIFO, a socket or a device.</returns>
    /// <exception cref="IOException">It can't be opened.</exception>
    public static FileStream? Open(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return File.OpenRead(path);
        }

        SafeFileHandle handle = OpenDescriptor(path, OperatingSystem.IsMacOS() ? NonBlockingMac : NonBlockingLinux);
        if (handle.IsInvalid)
        {
            throw new IOException(Marshal.GetLastPInvokeErrorMessage());
        }

        var stream = new FileStream(handle, FileAccess.Read);
        if (stream.CanSeek)
        {
            return stream;
        }

        stream.Dispose();
        return null;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle OpenDescriptor(string path, int flags);
}
