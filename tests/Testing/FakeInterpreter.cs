using System.Text;
using Executor.Limits;
using Executor.Sessions;
using Executor.Tasks;

namespace Executor.Testing;

/// <summary>
/// An interpreter in the hands of a test. What it is given says what it does: <c>hold</c> until it is let go or interrupted, <c>fail</c>,
/// <c>crash</c> (and another one begins), <c>die</c> for good, <c>break</c> for good after half of its output; anything else is printed.
/// </summary>
public sealed class FakeInterpreter : IInterpreter
{
    private readonly TaskCompletionSource<Exception?> _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _executed = [];
    private CancellationTokenSource _interruption = new();
    private int _running;

    public InterpreterPlace Place { get; } =
        new("python", RunnerKind.Localhost, "local_default", LimitResolver.Resolve(null), TimeSpan.FromSeconds(300));

    public Task<Exception?> Gone => _gone.Task;

    public bool IsDisposed { get; private set; }

    public int Restarts { get; private set; }

    /// <summary>Everything it was given, in order.</summary>
    public IReadOnlyList<string> Executed
    {
        get
        {
            lock (_executed)
            {
                return [.. _executed];
            }
        }
    }

    /// <summary>Lets go of what holds.</summary>
    public SemaphoreSlim LetGo { get; } = new(0);

    /// <summary>Tells each time it begins to hold.</summary>
    public SemaphoreSlim Holds { get; } = new(0);

    public async Task<InterpreterReply> ExecuteAsync(string code, string name, TimeSpan timeout, OutputReceiver output, CancellationToken cancellationToken)
    {
        Assert.Equal(1, Interlocked.Increment(ref _running));
        lock (_executed)
        {
            _executed.Add(code);
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _interruption.Token);
        try
        {
            switch (code)
            {
                case "hold":
                    Holds.Release();
                    await LetGo.WaitAsync(either.Token);
                    return new InterpreterReply();
                case "fail":
                    return new InterpreterReply { Error = new TaskError { Type = "ValueError", Message = "wrong", Traceback = "Traceback: wrong" } };
                case "crash":
                    return new InterpreterReply { Restarted = true, Error = new TaskError { Type = TaskErrorTypes.Signal, Message = "ended by SIGSEGV" } };
                case "break":
                    await output(OutputStream.Stdout, "half"u8.ToArray(), cancellationToken);
                    goto case "die";
                case "die":
                    Die();
                    throw new RunnerException(TaskErrorTypes.AgentLost, "the agent died");
                default:
                    await output(OutputStream.Stdout, Encoding.UTF8.GetBytes($"{code}\n"), cancellationToken);
                    return new InterpreterReply { ResultText = $"'{code}'" };
            }
        }
        catch (OperationCanceledException)
        {
            _interruption = new CancellationTokenSource();
            return new InterpreterReply { Interrupted = true, Error = new TaskError { Type = "KeyboardInterrupt", Message = "" } };
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    public Task InterruptAsync(CancellationToken cancellationToken) => _interruption.CancelAsync();

    public Task RestartAsync(CancellationToken cancellationToken)
    {
        Assert.Equal(0, _running);
        Restarts++;
        return Task.CompletedTask;
    }

    /// <summary>It is gone for good.</summary>
    public void Die() => _gone.TrySetResult(new RunnerException(TaskErrorTypes.AgentLost, "the agent died"));

    public ValueTask DisposeAsync()
    {
        Assert.Equal(0, _running);
        IsDisposed = true;
        _gone.TrySetResult(null);
        return ValueTask.CompletedTask;
    }
}
