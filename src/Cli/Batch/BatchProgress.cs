using System.Globalization;

namespace Executor.Cli.Batch;

/// <summary>How far a batch is. Thread-safe.</summary>
internal sealed class BatchProgress(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();
    private long _completed;
    private long _failed;
    private long _skipped;
    private long _skippedFailed;
    private long _total;

    public long Completed => Volatile.Read(ref _completed);

    public long Failed => Volatile.Read(ref _failed);

    /// <summary>Left out because their result was there already.</summary>
    public long Skipped => Volatile.Read(ref _skipped);

    /// <summary>Those of them whose result is a failure.</summary>
    public long SkippedFailed => Volatile.Read(ref _skippedFailed);

    public long Done => Completed + Failed + Skipped;

    /// <summary>Tasks in the file; 0 while that is not known.</summary>
    public long Total
    {
        get => Volatile.Read(ref _total);
        set => Volatile.Write(ref _total, value);
    }

    /// <summary>Something to be shown beside the figures; null: nothing.</summary>
    public string? Note { get; set; }

    public TimeSpan Elapsed => time.GetElapsedTime(_start);

    /// <summary>Tasks that ended a second, those left out not counted.</summary>
    public double Rate => (Completed + Failed) / double.Max(Elapsed.TotalSeconds, 0.001);

    public void AddEnded(bool success) => Interlocked.Increment(ref success ? ref _completed : ref _failed);

    public void AddSkipped(bool success)
    {
        Interlocked.Increment(ref _skipped);
        if (!success)
        {
            Interlocked.Increment(ref _skippedFailed);
        }
    }

    /// <summary>Done, failures, rate and remaining time as a line of words.</summary>
    public string Describe()
    {
        string done = Total > 0 ? $"{Done}/{Total}" : $"{Done}";
        string eta = Total > Done && Rate > 0 && Completed + Failed > 0 ? $", ETA {Format(TimeSpan.FromSeconds((Total - Done) / Rate))}" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{done} done, {Failed} failed, {FormatRate(Rate)}/s{eta}{(Note is string note ? $"; {note}" : "")}");
    }

    public static string FormatRate(double rate) => rate.ToString(rate < 10 ? "0.0" : "0", CultureInfo.InvariantCulture);

    private static string Format(TimeSpan time) => time.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours}:{time:mm\\:ss}")
        : time.ToString("m\\:ss", CultureInfo.InvariantCulture);
}
