using Executor.Execution;
using Executor.Tasks;

namespace Executor.Engine.Monitoring;

/// <summary>How tasks ended, and how long they ran. Any thread may add.</summary>
internal sealed class OutcomeCounters
{
    private long _completed;
    private long _failed;
    private long _cancelled;
    private long _runs;
    private long _ticks;

    public long Completed => Volatile.Read(ref _completed);

    public long Failed => Volatile.Read(ref _failed);

    public long Cancelled => Volatile.Read(ref _cancelled);

    /// <summary>Counts an end.</summary>
    /// <param name="status">How it ended.</param>
    /// <param name="duration">How long it ran; null: it never ran.</param>
    /// <exception cref="ArgumentException">The status is not final.</exception>
    public void Add(ExecutionStatus status, TimeSpan? duration)
    {
        switch (status)
        {
            case ExecutionStatus.Completed:
                Interlocked.Increment(ref _completed);
                break;
            case ExecutionStatus.Failed:
                Interlocked.Increment(ref _failed);
                break;
            case ExecutionStatus.Cancelled:
                Interlocked.Increment(ref _cancelled);
                break;
            default:
                throw new ArgumentException($"A task ends COMPLETED, FAILED or CANCELLED, not {status}.", nameof(status));
        }

        if (duration is TimeSpan ran)
        {
            Interlocked.Add(ref _ticks, ran.Ticks);
            Interlocked.Increment(ref _runs);
        }
    }

    /// <summary>What was counted.</summary>
    public GroupMetrics ToMetrics()
    {
        long runs = Volatile.Read(ref _runs);
        return new GroupMetrics(
            Completed, Failed, Cancelled, runs == 0 ? null : TimeSpan.FromTicks(Volatile.Read(ref _ticks) / runs));
    }
}
