using Executor.Sessions;
using Executor.Tasks;

namespace Executor.Engine.Sessions;

public sealed partial class Session
{
    private async Task StartAsync(Task last, CancellationTokenSource life)
    {
        await last.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _turn.WaitAsync(life.Token);
        try
        {
            await MakeInterpreterAsync(life);
            await RunStartupAsync(life.Token);
            lock (_lock)
            {
                life.Token.ThrowIfCancellationRequested();
                // It may have been lost again by now.
                _status = _status == SessionStatus.Starting ? SessionStatus.Ready : _status;
            }
        }
        catch (SessionException failed)
        {
            Lose(life, failed.Error!);
            throw;
        }
        catch (Exception failed) when (ErrorOf(failed) is TaskError error)
        {
            Lose(life, error);
            throw SessionException.Unavailable(error);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The one there is, made anew, or another one.</summary>
    private async Task MakeInterpreterAsync(CancellationTokenSource life)
    {
        if (_interpreter is IInterpreter before)
        {
            lock (_lock)
            {
                _restarts++;
            }

            if (await TryRestartAsync(before, life.Token))
            {
                _ = WatchAsync(before, life);
                return;
            }

            _interpreter = null;
            await before.DisposeAsync();
        }

        IInterpreter interpreter = await _start(life.Token);
        _interpreter = interpreter;
        _ = WatchAsync(interpreter, life);
    }

    private static async Task<bool> TryRestartAsync(IInterpreter interpreter, CancellationToken life)
    {
        if (interpreter.Gone.IsCompleted)
        {
            return false;
        }

        try
        {
            await interpreter.RestartAsync(life);
            return true;
        }
        catch (RunnerException)
        {
            return false;
        }
    }

    private async Task WatchAsync(IInterpreter interpreter, CancellationTokenSource life)
    {
        Exception? reason = await interpreter.Gone;
        Lose(life, ErrorOf(reason) ?? new TaskError { Type = TaskErrorTypes.AgentLost, Message = reason?.Message ?? "the interpreter ended" });
    }

    private async Task RunStartupAsync(CancellationToken life)
    {
        if (Spec.Startup is not string startup || _interpreter is not IInterpreter interpreter)
        {
            return;
        }

        InterpreterReply reply = await interpreter.ExecuteAsync(
            startup, "<startup>", TimeoutOf(interpreter, asked: null), static (_, _, _) => ValueTask.CompletedTask, life);
        life.ThrowIfCancellationRequested();
        if (reply.Error is TaskError error)
        {
            throw SessionException.StartupFailed(error);
        }
    }

    private static TaskError? ErrorOf(Exception? failed) => failed switch
    {
        RunnerException runner => new TaskError { Type = runner.ErrorType, Message = runner.Message },
        InvalidInputException refused => new TaskError { Type = TaskErrorTypes.InvalidTask, Message = refused.Message },
        _ => null,
    };
}
