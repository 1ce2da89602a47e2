using System.Text;
using Executor.Cli.Running;
using Executor.Execution;
using Executor.Hosting;
using Executor.Tasks;

namespace Executor.Cli.Remote;

/// <summary>Passes on what a task at a server prints, from where it was left.</summary>
/// <param name="tasks">The server's tasks.</param>
/// <param name="taskId">The task.</param>
/// <param name="live">Where it goes.</param>
internal sealed class OutputFollower(ITaskService tasks, string taskId, LiveOutput live)
{
    private static readonly TimeSpan FirstQuiet = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(300);

    private OutputPosition _position;

    /// <summary>Passes on what comes until the task ends.</summary>
    /// <returns>What came of it.</returns>
    /// <exception cref="UsageException">There is no such task.</exception>
    public async Task<TaskResult> FollowAsync(CancellationToken cancellationToken)
    {
        await foreach (TaskEvent next in tasks.WatchAsync(taskId, _position, cancellationToken))
        {
            switch (next)
            {
                case OutputEnded ended:
                    return ended.Result;
                case TaskOutput output:
                    await PassOnAsync(output, cancellationToken);
                    break;
            }
        }

        throw ServerFault.NotFound("task", taskId);
    }

    /// <summary>Passes on what there is by now: what a server has it sends at once, and then there is silence.</summary>
    /// <exception cref="UsageException">There is no such task.</exception>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource quiet = new(FirstQuiet);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(quiet.Token, cancellationToken);
        try
        {
            await foreach (TaskEvent next in tasks.WatchAsync(taskId, _position, either.Token))
            {
                switch (next)
                {
                    case OutputEnded:
                        return;
                    case TaskOutput output:
                        await PassOnAsync(output, cancellationToken);
                        quiet.CancelAfter(Quiet);
                        break;
                }
            }
        }
        catch (OperationCanceledException) when (quiet.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // Nothing more for now.
            return;
        }

        throw ServerFault.NotFound("task", taskId);
    }

    private ValueTask PassOnAsync(TaskOutput output, CancellationToken cancellationToken)
    {
        Begin(output.Position);
        return live.ReceiveAsync(output.Stream, Encoding.UTF8.GetBytes(output.Text), cancellationToken);
    }

    private void Begin(OutputPosition position)
    {
        if (_position.Attempt != 0 && position.Attempt != _position.Attempt)
        {
            Reporter.Say($"attempt {position.Attempt} begins: its output follows");
        }

        _position = position;
    }
}
