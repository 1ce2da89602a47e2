using Executor.Engine.Board;

namespace Executor.Engine;

/// <summary>
/// A board that many threads share: one lock, under which nothing slow happens, and a timer that fires when the board has something to do though
/// nothing happens.
/// </summary>
internal sealed class LockedBoard : IDisposable
{
    /// <summary>The longest wait: the timer counts what passes, and the clock may go a little faster while it comes up to the system's.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly TaskBoard _board;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private DateTimeOffset _firesAt = DateTimeOffset.MaxValue;

    /// <param name="board">The board, from now on used by nobody else.</param>
    /// <param name="time">The clock.</param>
    /// <param name="due">Told when <see cref="ApplyDue"/> is to be called.</param>
    public LockedBoard(TaskBoard board, TimeProvider time, Action due)
    {
        _board = board;
        _time = time;
        _timer = time.CreateTimer(_ => due(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Asks the board something that changes nothing.</summary>
    public T Read<T>(Func<TaskBoard, DateTimeOffset, T> read)
    {
        lock (_lock)
        {
            return read(_board, _time.GetUtcNow());
        }
    }

    /// <summary>Tells the board what has happened when it is not to do anything yet: the effects are taken with what it is told next.</summary>
    public void Prepare(Action<TaskBoard, DateTimeOffset> tell)
    {
        lock (_lock)
        {
            tell(_board, _time.GetUtcNow());
        }
    }

    /// <summary>Tells the board what has happened.</summary>
    /// <param name="tell">Does it.</param>
    /// <param name="effects">What is to be done about it.</param>
    public T Apply<T>(Func<TaskBoard, DateTimeOffset, T> tell, out IReadOnlyList<BoardEffect> effects)
    {
        lock (_lock)
        {
            DateTimeOffset now = _time.GetUtcNow();
            T answer = tell(_board, now);
            effects = TakeEffects(now);
            return answer;
        }
    }

    /// <summary>The same for something that is answered with nothing else.</summary>
    public IReadOnlyList<BoardEffect> Apply(Action<TaskBoard, DateTimeOffset> tell)
    {
        lock (_lock)
        {
            DateTimeOffset now = _time.GetUtcNow();
            tell(_board, now);
            return TakeEffects(now);
        }
    }

    /// <summary>Has the board do what is due.</summary>
    /// <returns>What is to be done about it.</returns>
    public IReadOnlyList<BoardEffect> ApplyDue() => Apply((board, now) =>
    {
        _firesAt = DateTimeOffset.MaxValue;
        board.Due(now);
    });

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    /// <summary>Takes the effects, and sets the timer if something is due sooner than it fires. One that fires for nothing is set again by what it fires for.</summary>
    private IReadOnlyList<BoardEffect> TakeEffects(DateTimeOffset now)
    {
        if (_board.NextDue is DateTimeOffset due && due < _firesAt)
        {
            // In whole milliseconds, as timers count, and not before.
            TimeSpan wait = TimeSpan.FromMilliseconds(double.Clamp(double.Ceiling((due - now).TotalMilliseconds), 1, MaxWait.TotalMilliseconds));
            _firesAt = now + wait;
            _timer.Change(wait, Timeout.InfiniteTimeSpan);
        }

        return _board.TakeEffects();
    }
}
