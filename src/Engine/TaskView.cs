using Executor.Execution;
using Executor.Tasks;

namespace Executor.Engine;

/// <summary>A live task as those see it who wait for it or watch it.</summary>
internal sealed class TaskView
{
    private TaskCompletionSource<TaskResult>? _ended;
    private OutputLog? _output;

    /// <summary>Its output, since the first piece or the first watcher.</summary>
    public OutputLog Output => _output ??= new OutputLog();

    /// <summary>Ends with the stored result.</summary>
    public Task<TaskResult> Ended =>
        (_ended ??= new TaskCompletionSource<TaskResult>(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Tells whoever waits that the engine stops before the task ends.</summary>
    public void Stop() => _ended?.TrySetException(new ServiceStoppingException());

    /// <summary>Tells whoever waits or watches.</summary>
    public void End(TaskResult result)
    {
        _ended?.TrySetResult(result);
        _output?.End(result);
    }
}
