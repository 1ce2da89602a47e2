using System.Globalization;
using Executor.Runners.Workspaces;
using Executor.Sessions;
using Executor.Tasks;

namespace Executor.Runners.Interpreters;

internal sealed partial class Interpreter
{
    public async Task<InterpreterReply> ExecuteAsync(string code, string name, TimeSpan timeout, OutputReceiver output, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken);
        try
        {
            ThrowIfGone();
            if (_process.Ended.IsCompletedSuccessfully)
            {
                return await ReplyAsync(_process.Ended.Result, idle: true);
            }

            InterpreterTurn turn = _process.Begin(++_executions, output);
            (TurnEnd end, TurnStop stop) = await RunAsync(turn, name, code, timeout, cancellationToken);
            InterpreterReply reply = end switch
            {
                { Answer: { } answer } => new InterpreterReply { Result = answer.Value, ResultText = answer.Text, Error = answer.Error },
                { Lost: { } loss } => await ReplyAsync(loss),
                _ => await ReplyAsync(end.Exit!, idle: false),
            };
            return Judge(reply, turn, stop, timeout);
        }
        catch (Exception failed) when (_gone.Task.IsCompleted && failed is not OperationCanceledException)
        {
            ThrowIfGone();
            throw;
        }
        finally
        {
            _turn = null;
            _turns.Release();
        }
    }

    /// <summary>Why an execution was asked to end.</summary>
    private enum TurnStop
    {
        No,
        Timeout,
        Cancel,
    }

    private async Task<(TurnEnd End, TurnStop Stop)> RunAsync(InterpreterTurn turn, string name, string code, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        // It can be interrupted before it is known to be sent: its first output may be here sooner than this method goes on.
        _turn = turn;
        Task sending = _process.SendAsync(InterpreterFrames.Execute(turn.Number, _mostOutput, name, code), CancellationToken.None);
        turn.IsSentBy(sending);
        try
        {
            return (await turn.Ended.WaitAsync(either.Token), TurnStop.No);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            return (await StopAsync(turn, sending), cancellationToken.IsCancellationRequested ? TurnStop.Cancel : TurnStop.Timeout);
        }
    }

    /// <summary>Asks it to end, then ends the interpreter, then all of it.</summary>
    private async Task<TurnEnd> StopAsync(InterpreterTurn turn, Task sending)
    {
        foreach ((byte[] frame, TimeSpan timeLimit) in new[] { (InterpreterFrames.Interrupt(turn.Number), _grace), (InterpreterFrames.Kill(turn.Number), KillTimeout) })
        {
            try
            {
                // The code itself may still be on its way to an interpreter that does not read.
                await sending.WaitAsync(timeLimit, _time);
                sending = _process.SendAsync(frame, CancellationToken.None);
                return await turn.Ended.WaitAsync(timeLimit, _time);
            }
            catch (TimeoutException)
            {
            }
        }

        await EndAllAsync();
        return await turn.Ended.WaitAsync(KillTimeout, _time);
    }

    private static InterpreterReply Judge(InterpreterReply reply, InterpreterTurn turn, TurnStop stop, TimeSpan timeout)
    {
        const string interrupt = "KeyboardInterrupt";
        if (stop == TurnStop.Timeout)
        {
            var error = new TaskError
            {
                Type = TaskErrorTypes.Timeout,
                Message = string.Create(CultureInfo.InvariantCulture, $"stopped after its timeout of {timeout.TotalSeconds:0.###} s"),
                Traceback = reply.Error?.Traceback,
            };
            return reply with { Result = null, ResultText = null, Error = error, TimedOut = true };
        }

        bool interrupted = stop == TurnStop.Cancel ? reply.Error is not null : turn.InterruptAsked && reply.Error?.Type == interrupt;
        return !interrupted ? reply : reply with
        {
            Error = new TaskError { Type = TaskErrorTypes.Cancelled, Message = "the execution was interrupted", Traceback = reply.Error?.Traceback },
            Interrupted = true,
        };
    }

    /// <summary>The interpreter ended, and there is another.</summary>
    private async Task<InterpreterReply> ReplyAsync(InterpreterLoss loss)
    {
        bool outOfMemory = false;
        if (loss.MayBeMemory && await _process.CountMemoryKillsAsync() is long kills)
        {
            outOfMemory = kills > _memoryKills;
            _memoryKills = kills;
        }

        return new InterpreterReply { Error = loss.ErrorOf(Place.Limits, outOfMemory), OomKilled = outOfMemory, Restarted = true };
    }

    /// <summary>All of it ended.</summary>
    private async Task<InterpreterReply> ReplyAsync(ProcessExit exit, bool idle)
    {
        if (exit.CpuTimeExceeded)
        {
            var error = new TaskError
            {
                Type = TaskErrorTypes.CpuTimeLimit,
                Message = string.Create(CultureInfo.InvariantCulture, $"the session has used its CPU time limit of {Place.Limits.CpuTime:0.###} s"),
            };
            _gone.TrySetResult(new RunnerException(error.Type, error.Message));
            return new InterpreterReply { Error = error };
        }

        await ReviveAsync();
        return new InterpreterReply { Error = InterpreterLoss.Of(exit, idle).ErrorOf(Place.Limits, exit.OomKilled), OomKilled = exit.OomKilled, Restarted = true };
    }
}
