using Serilog.Core;
using Serilog.Events;

namespace Executor.Hosting.Logging;

/// <summary>
/// Removes log files that have grown too old, at the first entry and then once an hour. The file sink applies its own age
/// limit only to files it names by date, which ours are not.
/// </summary>
internal sealed class LogAgeSweep(LogFiles files, TimeSpan maxAge, TimeProvider time) : ILogEventSink
{
    private static readonly TimeSpan Period = TimeSpan.FromHours(1);

    private long _nextTicks;

    public void Emit(LogEvent logEvent)
    {
        // The earlier of two: the system's clock, by which files are dated, may have been set, and what is removed cannot be had back.
        DateTime now = new(long.Min(logEvent.Timestamp.UtcTicks, time.GetUtcNow().UtcTicks), DateTimeKind.Utc);
        long due = Interlocked.Read(ref _nextTicks);
        if (now.Ticks >= due && Interlocked.CompareExchange(ref _nextTicks, (now + Period).Ticks, due) == due)
        {
            files.RemoveOlderThan(now - maxAge);
        }
    }
}
