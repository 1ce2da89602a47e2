using System.Text;
using System.Threading.Channels;
using Executor.Executors;
using Executor.Tasks;

namespace Executor.Api;

/// <summary>Runs attempts: one whose code is <see cref="Hold"/> is the test's to end, any other prints its code and completes.</summary>
internal sealed class Attempts
{
    public const string Hold = "hold";

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private readonly Channel<HeldAttempt> _held = Channel.CreateUnbounded<HeldAttempt>();

    /// <summary>The next one that is held.</summary>
    public Task<HeldAttempt> NextAsync() => _held.Reader.ReadAsync().AsTask().WaitAsync(Soon);

    public async Task<TaskResult> RunAsync(TaskAssignment assignment, OutputReceiver live, CancellationToken cancellationToken)
    {
        if (assignment.Spec.Code != Hold)
        {
            string printed = assignment.Spec.Code ?? "";
            await live(OutputStream.Stdout, Encoding.UTF8.GetBytes(printed), cancellationToken);
            return HeldAttempt.ResultOf(assignment, ExecutionStatus.Completed, printed);
        }

        HeldAttempt held = new(assignment, live);
        _held.Writer.TryWrite(held);
        return await held.EndAsync(cancellationToken);
    }
}

/// <summary>An attempt in the hands of the test.</summary>
internal sealed class HeldAttempt(TaskAssignment assignment, OutputReceiver live)
{
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StringBuilder _stdout = new();
    private readonly StringBuilder _stderr = new();

    public static TaskResult ResultOf(TaskAssignment assignment, ExecutionStatus status, string stdout = "", string stderr = "") => new()
    {
        TaskId = assignment.Spec.TaskId!,
        Name = assignment.Spec.Name,
        Attempt = assignment.Attempt,
        Status = status,
        Stdout = stdout,
        Stderr = stderr,
        ExitCode = 0,
        StartTimeMs = 1,
        EndTimeMs = 2,
    };

    public async Task PrintAsync(string text, OutputStream stream = OutputStream.Stdout)
    {
        (stream == OutputStream.Stdout ? _stdout : _stderr).Append(text);
        await live(stream, Encoding.UTF8.GetBytes(text), CancellationToken.None);
    }

    public void Complete() => _end.TrySetResult();

    /// <summary>Waits for the test, or for the cancellation.</summary>
    public async Task<TaskResult> EndAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _end.Task.WaitAsync(cancellationToken);
            return ResultOf(assignment, ExecutionStatus.Completed, _stdout.ToString(), _stderr.ToString());
        }
        catch (OperationCanceledException)
        {
            return ResultOf(assignment, ExecutionStatus.Cancelled, _stdout.ToString(), _stderr.ToString());
        }
    }
}
