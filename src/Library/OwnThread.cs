using System.Collections.Concurrent;

namespace Executor.Library;

/// <summary>
/// Runs functions that hold their thread each on one of its own: the pool grows too slowly for functions that block, and everything else
/// would wait for it meanwhile. A thread stays for a while and takes the next function, since making one costs more than most functions.
/// </summary>
internal sealed class OwnThread
{
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(5);
    private static readonly ConcurrentStack<OwnThread> Idle = [];

    private readonly object _lock = new();
    private Work? _next;
    private bool _isEnding;

    private OwnThread(Work first)
    {
        _next = first;
        new Thread(Run) { IsBackground = true, Name = "Executor function" }.UnsafeStart();
    }

    /// <summary>Runs a function, with the caller's execution context.</summary>
    public static Task<object?> RunAsync(Func<object?> function)
    {
        Work work = new(function, ExecutionContext.Capture());
        while (Idle.TryPop(out OwnThread? thread))
        {
            if (thread.TryGive(work))
            {
                return work.End.Task;
            }
        }

        _ = new OwnThread(work);
        return work.End.Task;
    }

    private bool TryGive(Work work)
    {
        lock (_lock)
        {
            if (_isEnding)
            {
                return false;
            }

            _next = work;
            Monitor.Pulse(_lock);
            return true;
        }
    }

    private void Run()
    {
        while (TakeNext() is Work work)
        {
            Action end = work.Run();
            // Before the end is told: who then brings the next function finds this thread.
            Idle.Push(this);
            end();
        }
    }

    private Work? TakeNext()
    {
        lock (_lock)
        {
            if (_next is null)
            {
                Monitor.Wait(_lock, IdleTime);
            }

            Work? work = _next;
            _next = null;
            _isEnding = work is null;
            return work;
        }
    }

    private sealed class Work(Func<object?> function, ExecutionContext? context)
    {
        public TaskCompletionSource<object?> End { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Runs the function.</summary>
        /// <returns>Tells what came of it.</returns>
        public Action Run()
        {
            object? value = null;
            try
            {
                if (context is null)
                {
                    value = function();
                }
                else
                {
                    ExecutionContext.Run(context, _ => value = function(), null);
                }
            }
            // Whatever the function throws is its caller's.
            catch (Exception thrown)
            {
                return () => End.SetException(thrown);
            }

            return () => End.SetResult(value);
        }
    }
}
