using Executor.Runners.Workspaces;
using Executor.Tasks;

namespace Executor.Runners.Interpreters;

/// <summary>One execution, from the moment it is sent.</summary>
/// <param name="number">Which it is, from 1.</param>
/// <param name="output">Receives what it prints.</param>
internal sealed class InterpreterTurn(int number, OutputReceiver output)
{
    private readonly TaskCompletionSource<TurnEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Task> _sent = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Exception? _broken;

    public int Number => number;

    /// <summary>Whether somebody asked for an interrupt.</summary>
    public bool InterruptAsked { get; set; }

    /// <summary>Ends when its code is on its way, which an interrupt must not overtake.</summary>
    public Task Sent => _sent.Task.Unwrap();

    /// <summary>How it ended. Faults with what the receiver threw.</summary>
    public Task<TurnEnd> Ended => _ended.Task;

    /// <summary>Says what sends it.</summary>
    public void IsSentBy(Task sending) => _sent.TrySetResult(sending);

    /// <summary>Passes output on. A receiver that has thrown is not called again.</summary>
    public async ValueTask ReceiveAsync(OutputStream stream, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        try
        {
            if (_broken is null)
            {
                await output(stream, data, cancellationToken);
            }
        }
        catch (Exception broken)
        {
            _broken = broken; // whoever executes is told; the session goes on
        }
    }

    public void End(TurnEnd end)
    {
        if (_broken is { } broken)
        {
            _ended.TrySetException(broken);
        }
        else
        {
            _ended.TrySetResult(end);
        }
    }

    public void Fail(Exception failure) => _ended.TrySetException(failure);
}

/// <summary>How an execution ended: one of the three is not null.</summary>
/// <param name="Answer">The interpreter's own answer.</param>
/// <param name="Lost">The interpreter ended; another one is there.</param>
/// <param name="Exit">All of it ended.</param>
internal readonly record struct TurnEnd(InterpreterAnswer? Answer, InterpreterLoss? Lost, ProcessExit? Exit);
