using Executor.Storage;
using Serilog.Core;
using Serilog.Events;

namespace Executor.Hosting.Logging;

/// <summary>
/// Sees to it that a log file is its owner's alone when it is begun after one that was full. The library makes it as the umask says, and has no
/// hook for files that several processes share; this comes after it with each line.
/// </summary>
internal sealed class LogFileCloser(LogFiles files) : ILogEventSink
{
    private int _number = files.NewestNumber();

    public void Emit(LogEvent logEvent)
    {
        int number = Volatile.Read(ref _number) + 1;
        string next = files.At(number);
        if (!File.Exists(next))
        {
            return;
        }

        try
        {
            OwnerFile.Close(next);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Removed again, or made by another user's process, whose choice it is.
        }

        Interlocked.CompareExchange(ref _number, number, number - 1);
    }
}
