using Executor.Runners.Workspaces;
using Executor.Sessions;
using Executor.Tasks;

namespace Executor.Runners.Interpreters;

/// <summary>A session's interpreter: a <c>session.py</c> in a workspace of its own, and another one in the same place should that end.</summary>
internal sealed partial class Interpreter : IInterpreter
{
    /// <summary>After a kill the end must come; if it doesn't, all of it is ended.</summary>
    private static readonly TimeSpan KillTimeout = TimeSpan.FromSeconds(10);

    private readonly TaskPlace _taskPlace;
    private readonly IWorkspace _workspace;
    private readonly ProcessSpec _spec;
    private readonly TimeSpan _grace;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _turns = new(1);
    private readonly TaskCompletionSource<Exception?> _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _mostOutput;
    private InterpreterProcess _process = null!;
    private volatile InterpreterTurn? _turn;
    private volatile bool _disposed;
    private int _executions;
    private long _memoryKills;

    /// <param name="place">Where it is.</param>
    /// <param name="taskPlace">What it holds there; owned from here on.</param>
    /// <param name="workspace">Its working directory; owned from here on.</param>
    /// <param name="spec">How <c>session.py</c> is started.</param>
    /// <param name="first">The first one, ready.</param>
    /// <param name="grace">Between asking code to end and ending it.</param>
    /// <param name="time">The clock.</param>
    public Interpreter(InterpreterPlace place, TaskPlace taskPlace, IWorkspace workspace, ProcessSpec spec, InterpreterProcess first, TimeSpan grace, TimeProvider time)
    {
        (Place, _taskPlace, _workspace, _spec, _grace, _time) = (place, taskPlace, workspace, spec, grace, time);
        // One byte over, by which the receiver sees that there was more.
        _mostOutput = ((long)place.Limits.OutputKb << 10) + 1;
        Adopt(first);
    }

    public InterpreterPlace Place { get; }

    public Task<Exception?> Gone => _gone.Task;

    public async Task InterruptAsync(CancellationToken cancellationToken)
    {
        if (_turn is { } turn)
        {
            turn.InterruptAsked = true;
            await turn.Sent.WaitAsync(cancellationToken);
            await _process.SendAsync(InterpreterFrames.Interrupt(turn.Number), cancellationToken);
        }
    }

    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken);
        try
        {
            ThrowIfGone();
            try
            {
                await _process.RestartAsync().WaitAsync(KillTimeout, _time, CancellationToken.None);
            }
            catch (TimeoutException)
            {
                await EndAllAsync();
            }

            if (_process.Ended.IsCompleted)
            {
                await ReviveAsync();
            }
        }
        finally
        {
            _turns.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _gone.TrySetResult(null);
        await _process.KillAsync();
        await _turns.WaitAsync(KillTimeout); // what was executed has met its end; if it has not, its workspace's end is its own
        try
        {
            await EndAllAsync();
            await _process.DisposeAsync();
        }
        catch (RunnerException)
        {
            // Gone already, or about to go with its workspace.
        }
        finally
        {
            await _workspace.DisposeAsync();
            _taskPlace.Dispose();
            _turns.Release();
        }
    }

    private void Adopt(InterpreterProcess process)
    {
        _process = process;
        _memoryKills = 0;
        _ = process.Ended.ContinueWith(
            ended => _gone.TrySetResult(ended.Exception!.InnerException),
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    /// <summary>Another one in the place of one that has ended, or is ended by this.</summary>
    private async Task ReviveAsync()
    {
        ThrowIfGone();
        try
        {
            await _process.Ended;
            await _process.DisposeAsync();
            Adopt(await InterpreterProcess.StartAsync(_workspace, _spec, _time, CancellationToken.None));
        }
        catch (Exception failed)
        {
            _gone.TrySetResult(failed);
            throw failed as RunnerException ?? new RunnerException(TaskErrorTypes.RunnerFailed, $"The session's interpreter was lost: {failed.Message}", failed);
        }
    }

    private async Task EndAllAsync()
    {
        await _process.KillAsync();
        try
        {
            await _process.Ended.WaitAsync(KillTimeout, _time);
        }
        catch (TimeoutException)
        {
            var lost = new RunnerException(TaskErrorTypes.RunnerFailed, $"The interpreter did not end within {KillTimeout.TotalSeconds:0} s of being killed.");
            _gone.TrySetResult(lost);
            throw lost;
        }
        catch (Exception failed) when (failed is not RunnerException)
        {
            throw new RunnerException(TaskErrorTypes.RunnerFailed, $"The session's interpreter was lost: {failed.Message}", failed);
        }
    }

    private void ThrowIfGone()
    {
        if (_gone.Task.IsCompletedSuccessfully)
        {
            throw _gone.Task.Result as RunnerException
                ?? new RunnerException(TaskErrorTypes.RunnerFailed, _gone.Task.Result?.Message ?? "The session's interpreter was closed.", _gone.Task.Result);
        }
    }
}
