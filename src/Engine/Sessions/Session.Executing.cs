using System.Globalization;
using Executor.Sessions;
using Executor.Tasks;

namespace Executor.Engine.Sessions;

public sealed partial class Session
{
    /// <summary>Executes code and waits for its end. See <see cref="ISessionService.ExecuteAsync"/>.</summary>
    public async Task<SessionExecution> ExecuteAsync(ExecuteRequest request, OutputReceiver? live, CancellationToken cancellationToken)
    {
        IReadOnlyList<ValidationFault> faults = SessionValidator.Validate(request);
        if (faults.Count > 0)
        {
            throw new InvalidInputException(faults);
        }

        CancellationTokenSource life = GetInLine();
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(life.Token, cancellationToken);
            await _turn.WaitAsync(either.Token);
            try
            {
                return await ExecuteInTurnAsync(request, live, life, either.Token);
            }
            finally
            {
                _turn.Release();
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return NotExecuted();
        }
        finally
        {
            lock (_lock)
            {
                _inLine--;
            }
        }
    }

    private CancellationTokenSource GetInLine()
    {
        lock (_lock)
        {
            ThrowIfLost();
            if (_inLine > _host.Options.MaxWaiting)
            {
                throw SessionException.Busy(Id, _host.Options.MaxWaiting);
            }

            _inLine++;
            return _life;
        }
    }

    private async Task<SessionExecution> ExecuteInTurnAsync(
        ExecuteRequest request, OutputReceiver? live, CancellationTokenSource life, CancellationToken cancellationToken)
    {
        (IInterpreter interpreter, long number) = Take(cancellationToken);
        OutputCapture capture = new(interpreter.Place.Limits.OutputKb, live);
        DateTimeOffset startedAt = _time.GetUtcNow();
        long start = _time.GetTimestamp();
        try
        {
            InterpreterReply reply = await interpreter.ExecuteAsync(
                request.Code, string.Create(CultureInfo.InvariantCulture, $"<execution {number}>"), TimeoutOf(interpreter, request.Timeout), capture.ReceiveAsync, cancellationToken);
            TimeSpan duration = _time.GetElapsedTime(start);
            if (reply.Restarted && !life.IsCancellationRequested)
            {
                await FollowRestartAsync(life);
            }

            return Ended(number, startedAt, duration, capture, reply);
        }
        catch (RunnerException failed)
        {
            TaskError error = ErrorOf(failed)!;
            Lose(life, error);
            throw SessionException.Lost(Id, error);
        }
        finally
        {
            Release();
        }
    }

    private (IInterpreter Interpreter, long Number) Take(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ThrowIfLost();
            _status = SessionStatus.Busy;
            _lastUsed = _time.GetUtcNow();
            return (_interpreter!, ++_executions);
        }
    }

    private void Release()
    {
        lock (_lock)
        {
            _lastUsed = _time.GetUtcNow();
            _status = _status == SessionStatus.Busy ? SessionStatus.Ready : _status;
        }
    }

    /// <summary>What was executed ended the interpreter, and there is another one: what the startup code defines is to be there, too.</summary>
    private async Task FollowRestartAsync(CancellationTokenSource life)
    {
        lock (_lock)
        {
            _restarts++;
        }

        try
        {
            await RunStartupAsync(life.Token);
        }
        catch (SessionException failed)
        {
            Lose(life, failed.Error!);
        }
        catch (OperationCanceledException)
        {
            // Restarted or closed: the next life's own.
        }
    }

    private SessionExecution Ended(long number, DateTimeOffset startedAt, TimeSpan duration, OutputCapture capture, InterpreterReply reply) => new()
    {
        SessionId = Id,
        Execution = number,
        Status = reply.Error is null ? ExecutionStatus.Completed
            : reply.Interrupted && !reply.TimedOut ? ExecutionStatus.Cancelled
            : ExecutionStatus.Failed,
        Stdout = capture.Stdout,
        Stderr = capture.Stderr,
        OutputTruncated = capture.Truncated,
        Result = reply.Result,
        ResultText = reply.ResultText,
        Error = reply.Error,
        TimedOut = reply.TimedOut,
        OomKilled = reply.OomKilled,
        Restarted = reply.Restarted,
        StartTimeMs = startedAt.ToUnixTimeMilliseconds(),
        EndTimeMs = (startedAt + duration).ToUnixTimeMilliseconds(),
        DurationSec = Math.Round(duration.TotalSeconds, 6),
    };

    /// <summary>What was in line when the session was restarted or closed.</summary>
    private SessionExecution NotExecuted()
    {
        long now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        return new SessionExecution
        {
            SessionId = Id,
            Status = ExecutionStatus.Cancelled,
            Error = new TaskError { Type = TaskErrorTypes.Cancelled, Message = "the session was restarted or closed before it began" },
            StartTimeMs = now,
            EndTimeMs = now,
        };
    }
}
